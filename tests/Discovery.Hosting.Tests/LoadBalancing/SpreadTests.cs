using System.Globalization;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>What share of the calls each instance gets.</summary>
public sealed class SpreadTests
{
    private static readonly ServiceInstance[] Weighted =
        [Instances.Create("a", weight: 400), Instances.Create("b", weight: 200), Instances.Create("c", weight: 100), Instances.Create("d", weight: 100)];

    public static TheoryData<string> Policies => ["RoundRobin", "Random", "WeightedRoundRobin", "LeastRequests", "PowerOfTwoChoices", "ConsistentHash"];

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task EqualInstances_UnderAnyPolicy_GetEqualShares(string policy)
    {
        await using var host = await StartAsync(policy, Instances.Many(10));

        var picked = Calls(host, 20_000);

        Spread.IsBy(Spread.Even([.. Instances.Many(10).Ids()]), picked);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task WeightedInstances_UnderAnyPolicy_GetSharesByWeight(string policy)
    {
        await using var host = await StartAsync(policy, Weighted);

        var picked = Calls(host, 20_000, isNoisy: false);

        Spread.IsBy(Weighted.ToDictionary(instance => instance.Id, instance => (double)instance.Weight), picked);
        Assert.True(Spread.Of(Spread.Even("a", "b", "c", "d"), picked) > Spread.Limit(3));
    }

    [Theory]
    [InlineData("LeastRequests")]
    [InlineData("PowerOfTwoChoices")]
    public async Task WeightedInstances_UnderLoad_BearCallsInFlightByWeight(string policy)
    {
        await using var host = await StartAsync(policy, Weighted);
        using var view = host.Discovery.GetView("orders");
        for (var i = 0; i < 800; i++)
        {
            Assert.True(view.TryPick(out _));
        }

        Assert.InRange(Status(host, "a").InFlight, 380, 420);
        Assert.InRange(Status(host, "b").InFlight, 190, 210);
        Assert.InRange(Status(host, "c").InFlight, 90, 110);
        Assert.InRange(Status(host, "d").InFlight, 90, 110);
    }

    [Fact]
    public async Task Weights_FarApart_AreKeptUnderRoundRobin()
    {
        ServiceInstance[] instances = [Instances.Create("heavy", weight: 1000), .. Enumerable.Range(0, 50).Select(i => Instances.Create("light" + i, weight: 10))];
        await using var host = await StartAsync("RoundRobin", instances);

        Spread.IsBy(instances.ToDictionary(instance => instance.Id, instance => (double)instance.Weight), Pick(host, 30_000));
    }

    [Fact]
    public async Task WeightedRoundRobin_OverAnyWindow_Interleaves()
    {
        await using var host = await StartAsync("WeightedRoundRobin", Instances.Create("a", weight: 300), Instances.Create("b", weight: 100));

        // Of any eight calls, six and two go to each; one more or less where the window cuts a round.
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(Pick(host, 8)["b"], 1, 3));
    }

    [Fact]
    public async Task WeightedRoundRobin_OfTenThousandOfTwoWeights_KeepsThem()
    {
        ServiceInstance[] instances = [.. Enumerable.Range(0, 10_000).Select(i => Instances.Create("a" + i, weight: i % 2 == 0 ? 100 : 50))];
        await using var host = await StartAsync("WeightedRoundRobin", instances);

        var even = Pick(host, 30_000).Where(pair => int.Parse(pair.Key[1..], CultureInfo.InvariantCulture) % 2 == 0).Sum(pair => pair.Value);

        Assert.InRange(even, 19_800, 20_200);
    }

    [Fact]
    public async Task CustomPolicy_ThatKnowsNothingOfWeights_HasThemAppliedForIt()
    {
        await using var host = await StartAsync("turns", Weighted, services => services.AddSingleton<ILoadBalancingPolicy, TurnsPolicy>());

        Spread.IsBy(Weighted.ToDictionary(instance => instance.Id, instance => (double)instance.Weight), Pick(host, 20_000));
    }

    [Fact]
    public void ChiSquare_OfASpreadThatIsOffByATenth_IsRefused()
    {
        var counts = new Dictionary<string, int> { ["a"] = 11_000, ["b"] = 9_000 };

        Assert.True(Spread.Of(Spread.Even("a", "b"), counts) > Spread.Limit(1));
        Assert.InRange(Spread.Limit(10), 60, 68);
    }

    [Fact]
    public async Task PowerOfTwoChoices_OfWeightedInstancesWithNoisyLatencies_StaysNearTheirWeights()
    {
        await using var host = await StartAsync("PowerOfTwoChoices", Weighted);

        var picked = Calls(host, 20_000);

        // Who is called more often is more often seen at its slowest, so that the heavy ones get somewhat less than they weigh.
        Assert.All(Weighted, instance => Assert.InRange(picked[instance.Id], 20_000 * instance.Weight / 800 * 8 / 10, 20_000 * instance.Weight / 800 * 13 / 10));
    }

    // Latencies as they are: no two alike.
    private static Dictionary<string, int> Calls(LookupHost host, int times, bool isNoisy = true)
    {
        var random = new Random(1);
        return Call(host, times, _ => isNoisy ? 1 + random.NextDouble() : 1, key: i => i.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class TurnsPolicy : ILoadBalancingPolicy
    {
        private int _turn;

        public string Name => "Turns";

        public int Pick(in PickContext context) => (int)((uint)Interlocked.Increment(ref _turn) % (uint)context.Candidates.Count);
    }
}
