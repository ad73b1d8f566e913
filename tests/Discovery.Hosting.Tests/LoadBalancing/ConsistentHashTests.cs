using System.Globalization;
using Discovery.Hosting.Tests.Lookup;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class ConsistentHashTests
{
    private const int Keys = 10_000;

    [Fact]
    public async Task Key_InAnyProcess_GoesToTheSameInstance()
    {
        var instances = Instances.Many(10);
        await using var one = await StartAsync("ConsistentHash", instances);
        await using var other = await StartAsync("ConsistentHash", [.. instances.Reverse()]);

        var owners = Owners(one);

        Assert.Equal(owners, Owners(one));
        Assert.Equal(owners, Owners(other));

        // The hash is part of what callers of other versions agree on.
        Assert.Equal(3220080625779094683UL, Hosting.LoadBalancing.StableHash.Of("customer-1"));
    }

    [Fact]
    public async Task Instance_ThatLeaves_MovesItsOwnKeysOnly()
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Many(10));
        var before = Owners(host);

        host.Registry.Delete("orders", "a3");
        await host.KnownAsync(known => known.Instances.Count == 9);
        var after = Owners(host);

        var moved = Enumerable.Range(0, Keys).Where(key => before[key] != after[key]).ToList();
        Assert.All(moved, key => Assert.Equal("a3", before[key]));
        Assert.DoesNotContain("a3", after);

        // A tenth, give or take six standard deviations of which slots it has; and they go to all the others alike.
        Assert.InRange(moved.Count, 800, 1200);
        Spread.IsBy(Spread.Even([.. Instances.Many(10).Ids().Except(["a3"])]), moved.CountBy(key => after[key]).ToDictionary());
    }

    [Fact]
    public async Task Instance_ThatJoins_TakesItsShareAndMovesNothingElse()
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Many(9), ("SlowStart:Window", "00:00:00"));
        var before = Owners(host);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("new")], []));
        await host.KnownAsync(known => known.Instances.Count == 10);
        var after = Owners(host);

        var moved = Enumerable.Range(0, Keys).Where(key => before[key] != after[key]).ToList();
        Assert.All(moved, key => Assert.Equal("new", after[key]));
        Assert.InRange(moved.Count, 800, 1200);
    }

    [Fact]
    public async Task Instance_OfChangedWeight_TakesAndGivesKeysOfItsOwnOnly()
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Many(4));
        var before = Owners(host);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a0", weight: 300)], []));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Weight == 300));
        var after = Owners(host);

        Assert.All(Enumerable.Range(0, Keys).Where(key => before[key] != after[key]), key => Assert.Equal("a0", after[key]));
        Spread.IsBy(new Dictionary<string, double> { ["a0"] = 3, ["a1"] = 1, ["a2"] = 1, ["a3"] = 1 }, after.CountBy(owner => owner).ToDictionary());
    }

    [Theory]
    [InlineData(10, "1.25", 13)]
    [InlineData(10, "2", 20)]
    [InlineData(200, "1.25", 13)]
    public async Task HotKey_OfManyCallsAtOnce_GivesNoInstanceMoreThanItsBound(int instances, string factor, int bound)
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Many(instances), ("ConsistentHash:LoadFactor", factor));
        using var view = host.Discovery.GetView("orders");
        var inFlight = new Dictionary<string, int>();
        for (var i = 0; i < 10 * instances; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Key = "hot" }, out var pick));
            inFlight[pick.Instance.Id] = inFlight.GetValueOrDefault(pick.Instance.Id) + 1;
        }

        Assert.InRange(inFlight.Values.Max(), bound - 2, bound);
    }

    [Fact]
    public async Task Bound_WithWeights_IsByWeight()
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Create("big", weight: 300), Instances.Create("small"));
        using var view = host.Discovery.GetView("orders");
        for (var i = 0; i < 400; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Key = i.ToString(CultureInfo.InvariantCulture) }, out _));
        }

        Assert.InRange(Status(host, "small").InFlight, 75, 125);
    }

    [Fact]
    public async Task Key_OfAnInstanceThatWasTried_GoesToTheSameNextOne()
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Many(5));
        using var view = host.Discovery.GetView("orders");
        Assert.True(view.TryPick(new PickRequest { Key = "k" }, out var first));
        first.Report(PickOutcome.Success);
        var next = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Key = "k", Tried = [first.Instance.Id] }, out var second));
            second.Report(PickOutcome.Success);
            next.Add(second.Instance.Id);
        }

        // The one that would have the key if the first were not there.
        host.Registry.Delete("orders", first.Instance.Id);
        await host.KnownAsync(known => known.Instances.Count == 4);
        Assert.True(view.TryPick(new PickRequest { Key = "k" }, out var heir));
        Assert.Equal(heir.Instance.Id, Assert.Single(next));
    }

    [Fact]
    public async Task Call_WithoutAKey_GoesAnywhere()
    {
        await using var host = await StartAsync("ConsistentHash", Instances.Many(10));

        Spread.IsBy(Spread.Even([.. Instances.Many(10).Ids()]), Pick(host, 10_000));
    }

    private static string[] Owners(LookupHost host)
    {
        using var view = host.Discovery.GetView("orders");
        return [.. Enumerable.Range(0, Keys).Select(key =>
        {
            Assert.True(view.TryPick(new PickRequest { Key = $"customer-{key}" }, out var pick));
            pick.Report(PickOutcome.Success);
            return pick.Instance.Id;
        })];
    }
}
