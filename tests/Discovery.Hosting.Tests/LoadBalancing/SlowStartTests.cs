using System.Globalization;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class SlowStartTests
{
    [Theory]
    [InlineData(0, 10, 1.0, 0.10)]
    [InlineData(1, 10, 1.0, 0.10)]
    [InlineData(15, 10, 1.0, 0.50)]
    [InlineData(29.9, 10, 1.0, 0.98)]
    [InlineData(30, 10, 1.0, 1)]
    [InlineData(15, 60, 1.0, 0.60)]
    [InlineData(7.5, 10, 2.0, 0.50)]
    [InlineData(15, 10, 0.5, 0.24)]
    public void Share_FollowsTheRamp(double seconds, int minimum, double aggression, double expected)
    {
        var options = new SlowStartOptions { MinimumWeightPercent = minimum, Aggression = aggression };

        Assert.Equal(expected, SlowStart.ShareAfter(TimeSpan.FromSeconds(seconds), options), 6);
    }

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("WeightedRoundRobin")]
    [InlineData("LeastRequests")]
    [InlineData("PowerOfTwoChoices")]
    [InlineData("ConsistentHash")]
    public async Task InstanceThatJoins_UnderAnyPolicy_RisesToItsShare(string policy)
    {
        await using var host = await StartAsync(policy, Instances.Many(4));
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("new")], []));
        await host.KnownAsync(known => known.Instances.Count == 5);

        foreach (var (seconds, share) in ((double, double)[])[(0, 0.10), (15, 0.50), (9, 0.80), (7, 1)])
        {
            host.Time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(100 * share, Status(host, "new").Weight, 6);
            Assert.Equal(share < 1, Status(host, "new").IsStartingSlowly);

            // No time passes within these calls, so that the share stays.
            var picked = Call(host, 10_000, _ => 0, key: i => i.ToString(CultureInfo.InvariantCulture));
            Spread.IsBy(Shares(share), picked);
        }
    }

    [Fact]
    public async Task InstancesFoundAtFirst_HaveTheirFullShare()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(3));

        Assert.All(Instances.Many(3), instance => Assert.False(Status(host, instance.Id).IsStartingSlowly));
    }

    [Fact]
    public async Task InstanceRegisteredAnew_OrHealthyAgain_StartsSlowly()
    {
        await using var host = await StartAsync(
            "RoundRobin", Instances.Create("a"), Instances.Create("b", incarnation: 1), Instances.Create("c", health: HealthStatus.Unhealthy), Instances.Create("d", health: HealthStatus.Degraded));

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("b", incarnation: 2), Instances.Create("c"), Instances.Create("d")], []));
        await host.KnownAsync(known => known.Instances.Count == 4);

        Assert.Equal([false, true, true, false], ((string[])["a", "b", "c", "d"]).Select(id => Status(host, id).IsStartingSlowly));
    }

    [Fact]
    public async Task InstanceBackFromAnEjection_StartsSlowly()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(5), ("Outliers:EjectionJitter", "0"));
        End(host, "a1", PickOutcome.Failed, 5);

        host.Time.Advance(TimeSpan.FromSeconds(30.5));
        Assert.Equal(10, Status(host, "a1").Weight);
        Spread.IsBy(Shares(0.1, "a1"), Pick(host, 10_000));

        host.Time.Advance(TimeSpan.FromSeconds(30.5));
        Assert.Equal(100, Status(host, "a1").Weight);
        Spread.IsBy(Shares(1, "a1"), Pick(host, 10_000));
    }

    [Fact]
    public async Task SlowStart_TurnedOff_GivesTheFullShareAtOnce()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4), ("Services:orders:SlowStart:Window", "00:00:00"));
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("new")], []));
        await host.KnownAsync(known => known.Instances.Count == 5);

        Spread.IsBy(Shares(1), Pick(host, 10_000));
    }

    [Fact]
    public async Task SlowStart_TurnedOffWhileInstancesStart_EndsThere()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("new")], []));
        await host.KnownAsync(known => known.Instances.Count == 5);
        Assert.True(Status(host, "new").IsStartingSlowly);

        host.Configuration["Discovery:Client:SlowStart:Window"] = "00:00:00";
        host.Configuration.Reload();

        Assert.False(Status(host, "new").IsStartingSlowly);
    }

    private static Dictionary<string, double> Shares(double share, string starting = "new") =>
        ((string[])["a0", "a1", "a2", "a3", starting == "new" ? "new" : "a4"]).ToDictionary(id => id, id => id == starting ? share : 1.0);
}
