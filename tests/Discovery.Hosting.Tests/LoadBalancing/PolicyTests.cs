using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class PolicyTests
{
    [Fact]
    public async Task RoundRobin_OverManyPicks_IsEven()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));

        var picked = Pick(host, 4000);

        // Each processor takes its own turns, so that the count may differ by one for each.
        Assert.All(picked.Values, count => Assert.InRange(count, 1000 - Environment.ProcessorCount, 1000 + Environment.ProcessorCount));
        Assert.Equal(4, picked.Count);
    }

    [Fact]
    public async Task Random_OverManyPicks_IsEvenByChance()
    {
        await using var host = await StartAsync("Random", Instances.Many(4));

        var picked = Pick(host, 4000);

        // Seven standard deviations of a binomial with p = 1/4.
        Assert.All(picked.Values, count => Assert.InRange(count, 1000 - 192, 1000 + 192));
        Assert.Equal(4, picked.Count);
    }

    [Fact]
    public async Task PickFirst_StaysAsLongAsTheInstanceDoes()
    {
        await using var host = await StartAsync("PickFirst", Instances.Many(4));
        var first = Assert.Single(Pick(host, 100)).Key;

        host.Registry.Send("orders", RegistryChange.Delta([], [first]));
        await host.KnownAsync(known => known.Instances.Count == 3);

        Assert.NotEqual(first, Assert.Single(Pick(host, 100)).Key);
    }

    [Fact]
    public async Task PowerOfTwoChoices_PrefersTheFasterInstances()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Many(4));

        var picked = Call(host, 4000, latency: id => id == "a0" ? 100 : 1);

        // The slow one is picked for its turns only: twice a second, over four seconds of calls of 1 ms each and some of 100 ms.
        Assert.InRange(picked["a0"], 1, 200);
        Assert.All(["a1", "a2", "a3"], id => Assert.InRange(picked[id], 800, 1800));
    }

    [Fact]
    public async Task PowerOfTwoChoices_PrefersTheLessBusyInstances()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Many(2));
        using var view = host.Discovery.GetView("orders");
        var unanswered = new Dictionary<string, int>();

        for (var i = 0; i < 1000; i++)
        {
            Assert.True(view.TryPick(default, out var pick));
            unanswered[pick.Instance.Id] = unanswered.GetValueOrDefault(pick.Instance.Id) + 1;
        }

        Assert.InRange(Math.Abs(unanswered["a0"] - unanswered["a1"]), 0, 2);
    }

    [Fact]
    public async Task PowerOfTwoChoices_UnderLoad_VisitsEachInstanceEverySecond()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Many(20));
        Call(host, 200, latency: id => id == "a7" ? 500 : 1);
        using var view = host.Discovery.GetView("orders");
        var lastVisit = new Dictionary<string, TimeSpan>();
        var longest = TimeSpan.Zero;
        var now = TimeSpan.Zero;

        for (var i = 0; i < 1000; i++)
        {
            Assert.True(view.TryPick(default, out var pick));
            host.Time.Advance(TimeSpan.FromMilliseconds(10));
            now += TimeSpan.FromMilliseconds(10);
            pick.Report(PickOutcome.Success);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, (now - lastVisit.GetValueOrDefault(pick.Instance.Id)).Ticks));
            lastVisit[pick.Instance.Id] = now;
        }

        Assert.Equal(20, lastVisit.Count);
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task PowerOfTwoChoices_AfterAPeak_RecoversWithinSeconds()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Many(3));
        Call(host, 300, latency: id => id == "a0" ? 1000 : Random.Shared.Next(4, 7));

        Call(host, 2000, latency: _ => Random.Shared.Next(4, 7));

        Assert.InRange(Call(host, 900, latency: _ => Random.Shared.Next(4, 7))["a0"], 150, 450);
    }

    [Fact]
    public async Task PowerOfTwoChoices_OfARefusingInstance_IsNotTemptedByItsSpeed()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Many(3));

        var picked = Call(host, 1000, latency: _ => 1, outcome: id => id == "a0" ? PickOutcome.ConnectFailed : PickOutcome.Success);

        Assert.InRange(picked["a0"], 1, 10);
    }

    [Fact]
    public async Task Load_AfterTheInstanceIsRegisteredAnew_StartsAfresh()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Instances.Create("a", incarnation: 1), Instances.Create("b", incarnation: 1));
        Call(host, 100, latency: id => id == "a" ? 1000 : 1);
        Assert.InRange(Call(host, 300, latency: _ => 1).GetValueOrDefault("a"), 0, 30);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a", incarnation: 2)], []));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Incarnation == 2));

        Assert.InRange(Call(host, 300, latency: _ => 1)["a"], 90, 210);
    }

    [Fact]
    public async Task DegradedInstances_ArePickedOnlyWhereTooFewAreHealthy()
    {
        var degraded = Instances.Create("d0", health: HealthStatus.Degraded);
        await using var host = await StartAsync("RoundRobin", Instances.Create("a0"), degraded, degraded with { Id = "d1" });
        Assert.Equal(3, Pick(host, 300).Count);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a1")], []));
        await host.KnownAsync(known => known.Instances.Count == 4);

        Assert.Equal(["a0", "a1"], Pick(host, 300).Keys.Order());
    }

    [Fact]
    public async Task UnhealthyInstances_ArePickedOnlyWhereThereAreNoOthers()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Create("a"), Instances.Create("u", health: HealthStatus.Unhealthy));
        Assert.Equal(["a"], Pick(host, 100).Keys);
        Assert.Equal(["a"], host.Known().Instances.Ids());

        host.Registry.Send("orders", RegistryChange.Delta([], ["a"]));

        await host.KnownAsync(known => known.Instances.Ids().SequenceEqual(["u"]));
        Assert.Equal(["u"], Pick(host, 100).Keys);
    }

    [Fact]
    public async Task InstancesOfWeightZero_ArePickedOnlyWhereThereAreNoOthers()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Create("a"), Instances.Create("idle", weight: 0));
        Assert.Equal(["a"], Pick(host, 100).Keys);

        host.Registry.Send("orders", RegistryChange.Delta([], ["a"]));

        await host.KnownAsync(known => known.Instances.Count == 1);
        Assert.Equal(["idle"], Pick(host, 100).Keys);
    }

    [Fact]
    public async Task CustomPolicy_RegisteredByOneLine_IsFoundByName()
    {
        await using var host = await StartAsync("last", Instances.Many(3), services => services.AddSingleton<ILoadBalancingPolicy, LastPolicy>());

        Assert.Equal(["a2"], Pick(host, 10).Keys);
    }

    [Fact]
    public async Task LoadBalancing_OfOneService_ReloadsLive()
    {
        await using var host = await StartAsync("PickFirst", Instances.Many(3));
        Assert.Single(Pick(host, 30));

        host.Configuration["Discovery:Client:Services:orders:LoadBalancing"] = "RoundRobin";
        host.Configuration.Reload();

        Assert.Equal(3, Pick(host, 30).Count);
    }

    [Theory]
    [InlineData("http", "a,b")]
    [InlineData("https", "b,c")]
    [InlineData("https+http", "b,c")]
    [InlineData("ws+http", "a,b")]
    [InlineData(null, "a,b,c")]
    public async Task Scheme_LeavesTheInstancesThatHaveIt(string? scheme, string expected)
    {
        await using var host = await StartAsync(
            "RoundRobin",
            Instances.Create("a"),
            Instances.Create("b") with { Endpoints = [new("http://b.test"), new("https://b.test")] },
            Instances.Create("c", endpoint: "https://c.test"));
        using var view = host.Discovery.GetView("orders");
        var picks = new List<ServicePick>();
        for (var i = 0; i < 50; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Scheme = scheme }, out var pick));
            picks.Add(pick);
        }

        Assert.Equal(expected.Split(','), picks.Select(pick => pick.Instance.Id).Distinct().Order());
        Assert.All(picks, pick => Assert.Contains(scheme is null ? pick.Endpoint.Scheme : scheme.StartsWith("https", StringComparison.Ordinal) ? "https" : "http", pick.Endpoint.Scheme, StringComparison.Ordinal));
        Assert.False(view.TryPick(new PickRequest { Scheme = "ftp" }, out _));
    }

    [Fact]
    public async Task TriedInstances_ArePickedOnlyWhereThereAreNoOthers()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(3));
        using var view = host.Discovery.GetView("orders");
        for (var i = 0; i < 30; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Tried = ["a0", "a2"] }, out var other));
            Assert.Equal("a1", other.Instance.Id);
        }

        Assert.True(view.TryPick(new PickRequest { Tried = ["a0", "a1", "a2"] }, out var any));
        Assert.NotNull(any.Instance);
    }

    private static async Task<LookupHost> StartAsync(string policy, params ServiceInstance[] instances) => await StartAsync(policy, instances, null);

    private static async Task<LookupHost> StartAsync(string policy, ServiceInstance[] instances, Action<IServiceCollection>? configure)
    {
        var host = new LookupHost(settings: [new("Discovery:Client:LoadBalancing", policy)], configure: configure);
        host.Registry.List("orders", instances);
        await host.Discovery.GetInstancesAsync("orders", TestContext.Current.CancellationToken);
        host.Time.Advance(TimeSpan.FromSeconds(10));
        return host;
    }

    private static Dictionary<string, int> Pick(LookupHost host, int times) => Call(host, times, _ => 0);

    /// <summary>Calls one after the other, each taking its instance's time.</summary>
    private static Dictionary<string, int> Call(LookupHost host, int times, Func<string, int> latency, Func<string, PickOutcome>? outcome = null)
    {
        using var view = host.Discovery.GetView("orders");
        var picked = new Dictionary<string, int>();
        for (var i = 0; i < times; i++)
        {
            Assert.True(view.TryPick(default, out var pick));
            var id = pick.Instance.Id;
            picked[id] = picked.GetValueOrDefault(id) + 1;
            host.Time.Advance(TimeSpan.FromMilliseconds(latency(id)));
            pick.Report(outcome?.Invoke(id) ?? PickOutcome.Success);
        }

        return picked;
    }

    private sealed class LastPolicy : ILoadBalancingPolicy
    {
        public string Name => "Last";

        // Candidates are in no particular order.
        public int Pick(in PickContext context)
        {
            var last = 0;
            for (var i = 1; i < context.Candidates.Count; i++)
            {
                last = string.CompareOrdinal(context.Candidates[i].Instance.Id, context.Candidates[last].Instance.Id) > 0 ? i : last;
            }

            return last;
        }
    }
}
