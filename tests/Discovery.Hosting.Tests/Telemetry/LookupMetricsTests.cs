using Discovery.Hosting.Telemetry;
using Discovery.Hosting.Tests.Lookup;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Tests.Telemetry;

public sealed class LookupMetricsTests : IAsyncDisposable
{
    private readonly LookupHost _host = new();
    private readonly MeterReadings _readings;

    public LookupMetricsTests()
    {
        _readings = new(_host.Services.GetRequiredService<DiscoveryMetrics>());
        _host.Services.GetServices<IHostedService>().OfType<StateMetrics>().Single().StartAsync(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _readings.Dispose();
        return _host.DisposeAsync();
    }

    [Fact]
    public async Task Picks_WithAndWithoutAnInstance_AreCountedByServiceAndError()
    {
        _host.Registry.List("orders", Instances.Many(2));
        _host.Registry.List("nothing", []);
        await _host.Discovery.PickAsync("orders", default, Cancellation);
        await _host.Discovery.PickAsync("orders", default, Cancellation);
        await Assert.ThrowsAsync<NoInstanceAvailableException>(() => _host.Discovery.PickAsync("nothing", default, Cancellation).AsTask());

        Assert.Equal(
            [("orders", null), ("orders", null), ("_OTHER", "no_instance")],
            _readings.Of("discovery.picks").Select(pick => (pick["discovery.service"], pick["error.type"])));
    }

    [Fact]
    public async Task Picks_OfManyMoreServicesThanTheLimit_HaveASeriesEachUpToIt()
    {
        var metrics = new LookupMetrics(_host.Services.GetRequiredService<DiscoveryMetrics>());
        await Parallel.ForAsync(0, 3 * ServiceLabels.Limit, Cancellation, (i, _) =>
        {
            metrics.Picked($"s{i}", found: true);
            metrics.Picked($"made-up-{i}", found: false);
            return default;
        });

        var labels = _readings.Of("discovery.picks").Select(pick => pick["discovery.service"]).ToHashSet();
        Assert.Contains("_OTHER", labels);
        Assert.DoesNotContain(labels, label => label!.StartsWith("made-up", StringComparison.Ordinal));
        Assert.InRange(labels.Count, ServiceLabels.Limit, ServiceLabels.Limit + 10); // callers at the same moment may each add one
    }

    [Fact]
    public async Task Watch_LostAndBack_IsCountedAndItsLagGrowsMeanwhile()
    {
        _host.Registry.List("orders", Instances.Many(1));
        await _host.Discovery.PickAsync("orders", default, Cancellation);
        Assert.Equal(0, Assert.Single(_readings.Collect("discovery.watch.lag")).Value);

        _host.Time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(7, Assert.Single(_readings.Collect("discovery.watch.lag")).Value); // nothing was heard, and that is as it should be
        Assert.Equal(0, Assert.Single(_readings.Collect("discovery.watch.age")).Value);

        _host.Registry.IsDown = true;
        _host.Registry.Lose("orders");
        await _host.KnownAsync(snapshot => snapshot.Source == SnapshotSource.Stale);
        await Eventually.HoldsAsync(() => _readings.Of("discovery.watch.outages").Count == 1, cancellationToken: Cancellation);
        Assert.Equal("unavailable", _readings.Of("discovery.watch.outages")[0]["error.type"]);
        Assert.True(Assert.Single(_readings.Collect("discovery.watch.age")).Value >= 7);
        Assert.Equal("stale", Assert.Single(_readings.Collect("discovery.instances"))["discovery.source"]);
    }

    [Fact]
    public async Task Watch_AnsweredOnce_IsOneCallToTheRegistry()
    {
        _host.Registry.List("orders", Instances.Many(1));
        await _host.Discovery.PickAsync("orders", default, Cancellation);
        await _host.Discovery.GetServicesAsync(Cancellation);

        Assert.Equal(["watch", "list_services"], _readings.Of("discovery.registry.call.duration").Select(call => call["discovery.operation"]));
    }
}
