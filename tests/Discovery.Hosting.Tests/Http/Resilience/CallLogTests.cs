using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polly.Telemetry;

namespace Discovery.Hosting.Tests.Http.Resilience;

/// <summary>What calls by name write into the log.</summary>
public sealed class CallLogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_AnsweredRetriedAndInVain_LeaveNoLineEachInTheLog()
    {
        await using var client = new ResilientClient(instances: ["bad", "good"]);
        client.Host.Configuration["Discovery:Client:Outliers:Enabled"] = "false";
        client.Network.Answer("bad", HttpStatusCode.ServiceUnavailable);
        using var first = await client.Http.GetAsync("http://orders/", Cancellation);
        var shown = Calls(client).Count();

        for (var i = 0; i < 4; i++)
        {
            using var response = await client.Http.GetAsync("http://orders/", Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.InRange(client.Network.CountOf("bad"), 1, 5);
        Assert.Equal(shown, Calls(client).Count());
        Assert.Equal(0, shown);
    }

    [Fact]
    public async Task Calls_OfAnAppThatSaysHowMuchItWantsToHear_AreLoggedAsItSays()
    {
        await using var client = new ResilientClient(
            configureServices: services => services.Configure<TelemetryOptions>(telemetry => telemetry.SeverityProvider = _ => ResilienceEventSeverity.Warning),
            instances: ["a"]);

        using var response = await client.Http.GetAsync("http://orders/", Cancellation);

        Assert.NotEmpty(Calls(client));
    }

    // The factory's own lines, "Start processing HTTP request" and those of its handlers, are every client's and the app's to filter.
    private static IEnumerable<string> Calls(ResilientClient client) => client.Host.Log.Shown.Where(line => !line.Contains("HTTP request", StringComparison.Ordinal)
        && !line.Contains("HTTP response", StringComparison.Ordinal) && !line.StartsWith("200 ", StringComparison.Ordinal));
}
