using Discovery.Hosting.Telemetry;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>Where nobody listens nothing is computed; and who listens gets it cheaply.</summary>
[Collection(Costs.Name)]
public sealed class SilenceTests
{
    private const int Calls = 1000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Picks_ThatNobodyListensTo_AllocateNothing_AndThoseThatAreTracedDo()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        Assert.Equal(0, AllocatedBy(() => view.TryPick(default, out _)));
        Assert.Equal(0, AllocatedBy(() => view.TryPick(out _)));

        using var spans = new RecordedSpans();
        Assert.True(AllocatedBy(() => view.TryPick(default, out _)) > 100); // so that the zeros above mean something
        Assert.True(AllocatedBy(() => view.TryPick(out _)) > 100);
    }

    [Fact]
    public async Task Picks_ThatAreCounted_AllocateNothing()
    {
        await using var host = await StartAsync();
        using var view = host.Discovery.GetView("orders");
        var counted = 0L;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => counted += value);
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == host.Services.GetRequiredService<DiscoveryMetrics>().Meter && instrument.Name == "discovery.picks")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.Start();

        Assert.Equal(0, AllocatedBy(() => view.TryPick(default, out _)));
        Assert.Equal(2 * Calls, counted);
        Assert.Equal(0, AllocatedBy(() => view.TryPick(out _)));
        Assert.Equal(4 * Calls, counted);
    }

    [Fact]
    public void Request_ThatNobodyListensTo_IsNotNotedWithItsInstance()
    {
        using var request = new HttpRequestMessage();
        var instance = Instances.Create("one");
        HttpSpans.Note(request, instance);
        Assert.Empty(request.Options);

        using var spans = new RecordedSpans();
        HttpSpans.Note(request, instance);
        Assert.Single(request.Options);
    }

    [Fact]
    public async Task RegistryCall_ThatNobodyListensTo_ReadsNoClockForItsDuration()
    {
        await using var host = new LookupHost();
        var clock = new CountedTimestamps();
        var metrics = host.Services.GetRequiredService<DiscoveryMetrics>();
        var calls = new RegistryCalls(metrics, new RegistryContacts(clock), clock);
        await calls.MakeAsync(host.Registry, "test", "orders", _ => new ValueTask<int>(1), Cancellation);
        Assert.Equal(0, clock.Count);

        using var readings = new MeterReadings(metrics);
        await calls.MakeAsync(host.Registry, "test", "orders", _ => new ValueTask<int>(1), Cancellation);
        Assert.Equal(2, clock.Count);
        Assert.Single(readings.Of("discovery.registry.call.duration"));
    }

    private static async Task<LookupHost> StartAsync()
    {
        var host = new LookupHost();
        host.Registry.List("orders", Instances.Many(10));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        return host;
    }

    private static long AllocatedBy(Action action)
    {
        for (var i = 0; i < Calls; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private sealed class CountedTimestamps : TimeProvider
    {
        public int Count { get; private set; }

        public override long GetTimestamp()
        {
            Count++;
            return base.GetTimestamp();
        }
    }
}
