using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Tests.Lookup;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class DiagnosticsTests
{
    [Fact]
    public async Task GetInstances_OfAServiceThatIsNotWatched_IsEmptyAndStartsNoWatch()
    {
        await using var host = new LookupHost();

        Assert.Empty(Diagnostics(host).GetInstances("orders"));
        Assert.Empty(Diagnostics(host).GetInstances("no/name"));
        Assert.Equal(0, host.Registry.Watches("orders"));
    }

    [Fact]
    public async Task GetInstances_ListsAllOfThemInOrderAndWhoIsCalled()
    {
        await using var host = await StartAsync(
            "RoundRobin", Instances.Create("d", health: HealthStatus.Unhealthy), Instances.Create("b"), Instances.Create("a"), Instances.Create("c", weight: 0));
        End(host, "b", PickOutcome.ConnectFailed);

        var known = Diagnostics(host).GetInstances("Orders");

        Assert.Equal(["a", "b", "c", "d"], known.Select(status => status.Instance.Id));
        Assert.Equal([true, false, false, false], known.Select(status => status.IsCandidate));
    }

    [Fact]
    public async Task GetInstances_UnderAPolicyThatTracksLoad_SaysWhatCallsHaveShown()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Create("a"));
        using var view = host.Discovery.GetView("orders");
        Assert.True(view.TryPick(out var first));
        Assert.True(view.TryPick(out var second));
        Assert.True(view.TryPick(out _));

        host.Time.Advance(TimeSpan.FromMilliseconds(40));
        first.Report(PickOutcome.Success);
        second.Report(PickOutcome.Failed);

        var status = Status(host, "a");
        Assert.Equal((3, 1, 1), (status.Picks, status.Failures, status.InFlight));
        Assert.Equal(TimeSpan.FromMilliseconds(40), status.Latency);
    }

    [Fact]
    public async Task GetInstances_UnderAPolicyThatTracksNone_StillCountsOutcomes()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Create("a"), Instances.Create("b"));

        Call(host, 100, _ => 1, id => id == "a" ? PickOutcome.Success : PickOutcome.Cancelled);

        Assert.Equal((50, 0, 0), (Status(host, "a").Picks, Status(host, "a").Failures, Status(host, "a").InFlight));
        Assert.Equal(0, Status(host, "b").Picks);
    }

    [Fact]
    public async Task Ejection_IsLoggedAndTold()
    {
        var observer = DispatchProxy.Create<ILookupObserver, RecordingObserver>();
        await using var host = await StartAsync("RoundRobin", Instances.Many(4), services => services.AddSingleton(observer));

        End(host, "a1", PickOutcome.ConnectFailed);
        await host.PassTimeUntilAsync(() => Ejected(host).Length == 0, TimeSpan.FromSeconds(3));

        var told = ((RecordingObserver)(object)observer).Told;
        await Eventually.HoldsAsync(() => told.Contains("InstanceReadmitted orders a1"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("InstanceEjected orders a1 ConnectFailures", told);
        Assert.Equal((1, 1), (host.Log.Count(206), host.Log.Count(207)));
        Assert.Contains("a1", host.Log.Message(206), StringComparison.Ordinal);
    }

    private static IDiscoveryDiagnostics Diagnostics(LookupHost host) => host.Services.GetRequiredService<IDiscoveryDiagnostics>();

    public class RecordingObserver : DispatchProxy
    {
        private static readonly Counter<long> Unheard = new Meter(nameof(RecordingObserver)).CreateCounter<long>("picks");

        public ConcurrentQueue<string> Told { get; } = new();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Told.Enqueue($"{targetMethod!.Name} {string.Join(' ', args!)}");
            return targetMethod.ReturnType == typeof(Instrument) ? Unheard : null;
        }
    }
}
