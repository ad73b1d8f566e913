using Discovery.Hosting.Tests.Lookup;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class PowerOfTwoChoicesTests
{
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
            Assert.True(view.TryPick(out var pick));
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
            Assert.True(view.TryPick(out var pick));
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
        await using var host = await StartAsync(
            "PowerOfTwoChoices", [Instances.Create("a", incarnation: 1), Instances.Create("b", incarnation: 1)], ("SlowStart:Window", "00:00:00"));
        Call(host, 100, latency: id => id == "a" ? 1000 : 1);
        Assert.InRange(Call(host, 300, latency: _ => 1).GetValueOrDefault("a"), 0, 30);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a", incarnation: 2)], []));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Incarnation == 2));

        Assert.InRange(Call(host, 300, latency: _ => 1)["a"], 90, 210);
    }
}
