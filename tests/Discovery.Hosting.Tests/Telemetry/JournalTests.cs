using Discovery.Hosting.Telemetry;
using Discovery.Hosting.Tests.LoadBalancing;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Telemetry;

public sealed class JournalTests
{
    [Fact]
    public async Task GetEvents_WhenAServiceIsFirstKnown_HasNone()
    {
        await using var host = await WatchAsync("a", "b");

        Assert.Empty(Journal(host).GetEvents());
    }

    [Fact]
    public async Task GetEvents_AsInstancesComeAndGo_TellsOfEach()
    {
        await using var host = await WatchAsync("a", "b", "c", "d");

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("e"), Instances.Create("a", health: HealthStatus.Degraded), Instances.Create("b", weight: 7)], ["c"]));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Id == "e"));

        Assert.Equal(
            ["HealthChanged a Degraded", "InstanceChanged b ", "InstanceJoined e Healthy", "InstanceLeft c "],
            Journal(host).GetEvents().Select(each => $"{each.Kind} {each.InstanceId} {each.Health}").Order());
    }

    [Fact]
    public async Task GetEvents_WhenThousandsComeAtOnce_CountsThem()
    {
        await using var host = await WatchAsync("a");

        host.Registry.Send("orders", RegistryChange.Delta([.. Enumerable.Range(0, 3000).Select(i => Instances.Create($"b{i}"))], []));
        await host.KnownAsync(known => known.Instances.Count == 3001);

        var joined = Assert.Single(Journal(host).GetEvents());
        Assert.Equal((DiscoveryEventKind.InstanceJoined, 3000, null), (joined.Kind, joined.Count, joined.InstanceId));
    }

    [Fact]
    public async Task GetEvents_WhenTheRegistryIsLostAndComesBack_TellsWhatThatDoesToTheService()
    {
        await using var host = await WatchAsync("a");

        host.Registry.IsDown = true; // or a first back-off that is drawn as next to nothing has it back before anybody looks
        host.Registry.Lose("orders");
        await host.KnownAsync(known => known.Source == SnapshotSource.Stale);
        host.Registry.IsDown = false;
        await host.PassTimeUntilAsync(() => host.Known().Source == SnapshotSource.Live, TimeSpan.FromMinutes(1));
        await Discovery.Testing.Eventually.HoldsAsync(() => Journal(host).GetEvents().Count == 4, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            ["SourceChanged Stale", "WatchLost ", "SourceChanged Live", "WatchRestored "],
            Journal(host).GetEvents().Select(each => $"{each.Kind} {each.Source}"));
    }

    [Fact]
    public async Task GetEvents_WhenAnInstanceIsEjected_SaysWhichAndWhy()
    {
        await using var host = await PickedCalls.StartAsync("RoundRobin", Instances.Many(4));

        PickedCalls.End(host, "a1", PickOutcome.ConnectFailed);

        var ejected = Assert.Single(Journal(host).GetEvents());
        Assert.Equal((DiscoveryEventKind.InstanceEjected, "a1", EjectionReason.ConnectFailures), (ejected.Kind, ejected.InstanceId, ejected.Ejection));
    }

    [Fact]
    public async Task GetInstances_ThatAreMissingFromTheRegistry_AreHeld()
    {
        await using var host = await WatchAsync("a", "b", "c", "d", "e");

        host.Registry.Send("orders", RegistryChange.Complete([]));
        await host.KnownAsync(known => known.Source == SnapshotSource.Stale);

        Assert.All(Journal(host).GetInstances("orders"), status => Assert.True(status.IsHeld));
        Assert.Equal(5, Journal(host).GetServices().Single().Counts.Held);
        Assert.Equal((DiscoveryEventKind.InstancesHeld, 5), Journal(host).GetEvents().Where(each => each.Kind == DiscoveryEventKind.InstancesHeld).Select(each => (each.Kind, each.Count)).Single());
    }

    [Fact]
    public async Task GetInstanceHistory_OfAServiceThatChanges_EndsWithWhatIsNow()
    {
        await using var host = await WatchAsync("a");
        host.Time.Advance(TimeSpan.FromSeconds(2));
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b"), Instances.Create("c", health: HealthStatus.Unhealthy)], []));
        await host.KnownAsync(known => known.Instances.Count == 2);

        var history = Journal(host).GetInstanceHistory("Orders");

        Assert.Equal([(1, 0), (2, 1)], history.Select(point => (point.Healthy, point.Unhealthy)));
        Assert.Equal(history[^1], Journal(host).GetServices().Single().Counts);
        Assert.Empty(Journal(host).GetInstanceHistory("nowhere"));
    }

    [Fact]
    public async Task GetRegistries_AfterALookup_SaysWhenItAnswered()
    {
        await using var host = await WatchAsync("a");

        var registry = Assert.Single(Journal(host).GetRegistries());
        Assert.Null(registry.FailingSince);
        Assert.NotNull(registry.LastAnswer);
    }

    [Fact]
    public void After_MoreThanTheCapacity_KeepsTheLast()
    {
        var journal = new DiscoveryJournal(new FakeTimeProvider());
        for (var i = 0; i < DiscoveryJournal.Capacity + 10; i++)
        {
            journal.Add(new() { Kind = DiscoveryEventKind.WatchLost, ServiceName = "orders" });
        }

        Assert.Equal(DiscoveryJournal.Capacity, journal.After(0).Count);
        Assert.Equal(DiscoveryJournal.Capacity + 10, journal.After(0)[^1].Number);
        Assert.Equal([509L, 510L], journal.After(508).Select(each => each.Number));
        Assert.Empty(journal.After(510));
    }

    private static IDiscoveryDiagnostics Journal(LookupHost host) => host.Services.GetRequiredService<IDiscoveryDiagnostics>();

    private static async Task<LookupHost> WatchAsync(params string[] ids)
    {
        var host = new LookupHost();
        host.Registry.List("orders", [.. ids.Select(id => Instances.Create(id))]);
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        return host;
    }
}
