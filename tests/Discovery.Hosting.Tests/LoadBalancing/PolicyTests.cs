using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

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
    public async Task WeightedRoundRobin_PicksByWeightAndInterleaves()
    {
        await using var host = await StartAsync(
            "WeightedRoundRobin", Instances.Create("a", weight: 500), Instances.Create("b", weight: 300), Instances.Create("c", weight: 200));

        var picked = Pick(host, 1000);

        // Each processor takes its own turns of ten.
        var slack = 10 * Environment.ProcessorCount;
        Assert.InRange(picked["a"], 500 - slack, 500 + slack);
        Assert.InRange(picked["b"], 300 - slack, 300 + slack);
        Assert.InRange(picked["c"], 200 - slack, 200 + slack);
    }

    [Fact]
    public async Task WeightedRoundRobin_WhenAWeightChanges_FollowsIt()
    {
        await using var host = await StartAsync("WeightedRoundRobin", Instances.Create("a"), Instances.Create("b"));
        Assert.InRange(Pick(host, 1000)["a"], 450, 550);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a", weight: 300)], []));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Weight == 300));

        Assert.InRange(Pick(host, 1000)["a"], 700, 800);
    }

    [Fact]
    public async Task LeastRequests_PicksTheLeastBusyForItsWeight()
    {
        await using var host = await StartAsync("LeastRequests", Instances.Create("a"), Instances.Create("b", weight: 300));
        using var view = host.Discovery.GetView("orders");
        var unanswered = new Dictionary<string, int>();

        for (var i = 0; i < 400; i++)
        {
            Assert.True(view.TryPick(out var pick));
            unanswered[pick.Instance.Id] = unanswered.GetValueOrDefault(pick.Instance.Id) + 1;
        }

        Assert.InRange(unanswered["a"], 97, 103);
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
