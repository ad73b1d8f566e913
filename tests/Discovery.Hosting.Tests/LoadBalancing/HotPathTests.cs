using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Tests.Lookup;

namespace Discovery.Hosting.Tests.LoadBalancing;

[Collection(Costs.Name)]
public sealed class HotPathTests
{
    [Theory]
    [InlineData("PowerOfTwoChoices")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("PickFirst")]
    [InlineData("LeastRequests")]
    [InlineData("WeightedRoundRobin")]
    [InlineData("ConsistentHash")]
    public async Task TryPick_OfAWarmService_AllocatesNothing(string policy)
    {
        await using var host = await StartAsync(policy, 100);
        using var view = host.Discovery.GetView("orders");

        Assert.Equal(0, AllocatedBy(() => view.TryPick(out _)));
        Assert.Equal(0, AllocatedBy(() => view.TryPick(default, out _)));
        Assert.Equal(0, AllocatedBy(() => view.TryPick(new PickRequest { Scheme = "http" }, out _)));
        Assert.Equal(0, AllocatedBy(() => view.TryPick(new PickRequest { Scheme = "https+http" }, out _)));
    }

    [Theory]
    [InlineData("PowerOfTwoChoices")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("LeastRequests")]
    [InlineData("WeightedRoundRobin")]
    [InlineData("ConsistentHash")]
    public async Task PickAndReport_WithWeightsZonesAndAKey_AllocateNothing(string policy)
    {
        await using var host = await StartAsync(
            policy, [.. Instances.Many(50).Select((instance, i) => instance with { Weight = 100 + i, Zone = i < 10 ? "near" : "far" })], KeyValuePair.Create<string, string?>("Discovery:Client:Zone", "near"));
        using var view = host.Discovery.GetView("orders");
        Assert.NotEqual(1, Watch(host).Current.Set.LocalShare);

        Assert.Equal(0, AllocatedBy(() =>
        {
            view.TryPick(new PickRequest { Key = "customer-1" }, out var pick);
            pick.Report(PickOutcome.Success);
        }));
        Assert.Equal(0, AllocatedBy(() =>
        {
            view.TryPick(default, out var pick);
            pick.Report(PickOutcome.Success);
        }));
    }

    [Fact]
    public void Ejection_InASetOfTenThousand_CopiesKilobytes()
    {
        var detector = new OutlierDetector(BalancingSettings.Default, TimeProvider.System, Chance.Shared);
        var known = new Hosting.Lookup.KnownInstances(detector);
        known.Apply(RegistryChange.Complete(Instances.Many(10_000)));
        known.Build();
        var slots = known.Table.Slots.ToArray();
        var next = 0;

        var bytes = AllocatedBy(() =>
        {
            Assert.True(detector.TryEject(known.Table, slots[next++], EjectionReason.ConnectFailures));
            detector.TakeEvents();
            GC.KeepAlive(known.Build().Callable);
        });

        // Three chunks of a kilobyte: that of the instance, of the last one that takes its place, and of the tier of the ejected.
        Assert.InRange(bytes, 64, 6 * 1024);
    }

    [Fact]
    public async Task TryPick_OfWhatWasNotTried_AllocatesNothing()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", 100);
        using var view = host.Discovery.GetView("orders");
        var tried = new List<string> { "a1" };

        Assert.Equal(0, AllocatedBy(() => view.TryPick(new PickRequest { Scheme = "http", Tried = tried }, out _)));
    }

    [Fact]
    public async Task PickAndGetInstances_ByName_AllocateNothing()
    {
        await using var host = await StartAsync("RoundRobin", 100);

        Assert.Equal(0, AllocatedBy(() => Assert.NotNull(Completed(host.Discovery.PickAsync("orders", default, CancellationToken.None)).Instance)));
        Assert.Equal(0, AllocatedBy(() => Assert.NotNull(Completed(host.Discovery.GetInstancesAsync("orders", CancellationToken.None)))));
    }

    [Fact]
    public void Change_InASetOfTenThousand_CopiesKilobytes()
    {
        var known = new Hosting.Lookup.KnownInstances(new(BalancingSettings.Default, TimeProvider.System, Chance.Shared));
        known.Apply(RegistryChange.Complete(Instances.Many(10_000)));
        known.Build();
        var instances = Instances.Many(1000, "b");
        var next = 0;

        // The instance's own entry included, and what its dictionary grows by; the lower bound only proves that something was counted.
        var bytes = AllocatedBy(() =>
        {
            known.Apply(RegistryChange.Delta([instances[next++ % 1000]], []));
            GC.KeepAlive(known.Build().Callable);
        });

        Assert.InRange(bytes, 64, 5 * 1024);
    }

    private static Task<LookupHost> StartAsync(string policy, int count) => StartAsync(policy, Instances.Many(count));

    private static async Task<LookupHost> StartAsync(string policy, ServiceInstance[] instances, params KeyValuePair<string, string?>[] settings)
    {
        var host = new LookupHost(settings: [new("Discovery:Client:LoadBalancing", policy), .. settings]);
        host.Registry.List("orders", instances);
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        return host;
    }

    private static Hosting.Lookup.ServiceWatch Watch(LookupHost host) =>
        Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Hosting.Lookup.WatchTable>(host.Services).GetOrAdd("orders");

    private static T Completed<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("It had to wait.");

    // Per call, over enough calls that what the runtime allocates once does not count; and in the best of three rounds, for the same reason.
    private static long AllocatedBy(Action action)
    {
        const int Calls = 1000;
        return Enumerable.Range(0, 4).Select(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                action();
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
        }).Skip(1).Min();
    }
}
