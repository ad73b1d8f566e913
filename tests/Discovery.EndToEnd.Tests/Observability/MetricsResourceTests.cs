using System.Text.RegularExpressions;
using Discovery.EndToEnd.Tests.Registries;

namespace Discovery.EndToEnd.Tests.Observability;

/// <summary>Whose the metrics are, as OpenTelemetry's resource says it.</summary>
public sealed class MetricsResourceTests
{
    [Theory]
    [InlineData(null, null, "quickstart")]
    [InlineData("Shop", null, "shop")]
    [InlineData("shop", "from-the-environment", "from-the-environment")]
    public async Task Metrics_OfQuickStart_CarryTheNameItIsRegisteredBy(string? registered, string? ofOpenTelemetry, string expected)
    {
        await using var registry = await RegistryUnderTest.StartAsync("Local");
        await using var app = await QuickStartApp.StartAsync(
            registry, ("Discovery__Registration__ServiceName", registered), ("OTEL_SERVICE_NAME", ofOpenTelemetry));

        var metrics = await app.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var name = Regex.Match(metrics, "^target_info\\{.*service_name=\"([^\"]*)\"", RegexOptions.Multiline);
        Assert.Equal(expected, name.Groups[1].Value);
    }
}
