using System.Diagnostics.Metrics;
using Discovery.Hosting.Telemetry;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>The tables in docs/telemetry.md are those of the code.</summary>
public sealed class TelemetryDocumentTests
{
    private static readonly IReadOnlyList<string[]> Instruments = DocumentedTable.Read("telemetry.md", "Instrument");
    private static readonly Dictionary<string, string> Values = DocumentedTable.Read("telemetry.md", "Label").ToDictionary(row => row[0], row => row[1]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_ListsTheInstrumentsOfTheCodeAndTheirLabels()
    {
        await using var registry = new InMemoryServiceRegistry(TimeProvider.System);
        await using var app = Build(registry);
        using var readings = new MeterReadings(app.Services.GetRequiredService<DiscoveryMetrics>());
        await app.StartAsync(Cancellation);
        await UseAsync(app, registry, readings);

        Assert.Equal(
            readings.Instruments.Select(instrument => $"{instrument.Name} {KindOf(instrument)} {instrument.Unit} {instrument.Description}").Order(StringComparer.Ordinal),
            Instruments.Select(row => $"{row[0]} {row[1]} {row[2]} {row[4]}").Order(StringComparer.Ordinal));
        Assert.True(readings.Of().Select(reading => reading.Instrument).Distinct().Count() >= 14);
        var documented = Instruments.ToDictionary(row => row[0], row => row[3].Split(", ", StringSplitOptions.RemoveEmptyEntries));
        Assert.All(readings.Of(), reading => Assert.Subset(documented[reading.Instrument].ToHashSet(), reading.Labels.Keys.ToHashSet()));
        Assert.All(
            readings.Of().SelectMany(reading => reading.Labels).Where(label => label.Key is not (Labels.Service or Labels.Registry)),
            label => Assert.Contains(label.Value, Values[label.Key], StringComparison.Ordinal));
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public void Document_ListsTheValuesOfEveryLabel()
    {
        Assert.Equal(Instruments.SelectMany(row => row[3].Split(", ", StringSplitOptions.RemoveEmptyEntries)).Distinct().Order(), Values.Keys.Order());
        Assert.Equal(Names<RegistrationState>(), Values[Labels.State]);
        Assert.Equal(Names<PickOutcome>(), Values[Labels.Outcome]);
        Assert.Equal(Names<SnapshotSource>(), Values[Labels.Source]);
        Assert.StartsWith(Names<EjectionReason>(), Values[Labels.Reason], StringComparison.Ordinal);
        Assert.StartsWith(Names<RegistryErrorKind>(), Values[Labels.ErrorType], StringComparison.Ordinal);
        Assert.All(Enum.GetValues<HealthStatus>(), health => Assert.Contains(Labels.Of(health), Values[Labels.Health], StringComparison.Ordinal));
    }

    private static async Task UseAsync(WebApplication app, InMemoryServiceRegistry registry, MeterReadings readings)
    {
        var discovery = app.Services.GetRequiredService<IServiceDiscovery>();
        await Eventually.HoldsAsync(async () => (await discovery.GetInstancesAsync("shop", Cancellation)).Instances.Count == 1, cancellationToken: Cancellation);
        using (var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("shop"))
        {
            using var answer = await http.GetAsync(new Uri("http://shop/"), Cancellation); // 404: there is no page
        }

        await Assert.ThrowsAsync<NoInstanceAvailableException>(() => discovery.PickAsync("nowhere", default, Cancellation).AsTask());
        registry.Faults.FailingWith = RegistryErrorKind.Denied;
        await Eventually.HoldsAsync(
            () => readings.Of("discovery.registration.beat.duration").Any(beat => beat[Labels.ErrorType] == "denied") && readings.Of("discovery.watch.outages").Count > 0,
            cancellationToken: Cancellation);
        registry.Faults.FailingWith = null;
        readings.Collect("discovery.instances");
    }

    private static WebApplication Build(InMemoryServiceRegistry registry)
    {
        var builder = ShopApp.CreateBuilder(registry);
        builder.Services.AddHttpClient("shop").AddDiscovery();
        return builder.Build();
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "ObservableGauge" => "gauge",
        "ObservableCounter" => "total",
        var kind => kind.ToLowerInvariant(),
    };

    private static string Names<T>()
        where T : struct, Enum =>
        string.Join(", ", Enum.GetValues<T>().Select(Labels.Of));
}
