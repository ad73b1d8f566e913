using System.Globalization;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>The caller runs in zone z1.</summary>
public sealed class ZoneTests
{
    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("WeightedRoundRobin")]
    [InlineData("LeastRequests")]
    [InlineData("PowerOfTwoChoices")]
    [InlineData("ConsistentHash")]
    [InlineData("PickFirst")]
    public async Task OwnZone_OfAFairShare_GetsAllCalls(string policy)
    {
        await using var host = await StartAsync(policy, [.. In("z1", 3), .. In("z2", 3), .. In("z3", 3)], ("Zone", "Z1"));

        Assert.All(Pick(host, 2000).Keys, id => Assert.StartsWith("z1", id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 9, 0.28)]
    [InlineData(2, 8, 0.56)]
    [InlineData(3, 7, 0.84)]
    [InlineData(4, 6, 1)]
    public async Task OwnZone_BelowAFairShare_SpillsOverInProportion(int near, int far, double expected)
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", near), .. In("z2", far)], ("Zone", "z1"));

        var local = Local(Pick(host, 10_000));

        // Six standard deviations.
        var slack = (int)(6 * Math.Sqrt(10_000 * expected * (1 - expected)));
        Assert.InRange(local, (int)(10_000 * expected) - slack, (int)(10_000 * expected) + slack);
    }

    [Fact]
    public async Task OwnZone_ThatTurnsUnhealthy_SpillsOver()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 4), .. In("z2", 4)], ("Zone", "z1"));
        Assert.Equal(1000, Local(Pick(host, 1000)));

        host.Registry.Send("orders", RegistryChange.Delta([.. In("z1", 2, HealthStatus.Unhealthy)], []));
        await host.KnownAsync(known => known.Instances.Count == 6);

        // Two of a fair share of four, at 1.4 times their load; 6 standard deviations.
        Assert.InRange(Local(Pick(host, 10_000)), 7_000 - 275, 7_000 + 275);
    }

    [Fact]
    public async Task OwnZone_WithoutAnyUsable_FallsBackToAll()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 2, HealthStatus.Unhealthy), .. In("z2", 2), .. In("z3", 2)], ("Zone", "z1"));

        Spread.IsBy(Spread.Even("z2-0", "z2-1", "z3-0", "z3-1"), Pick(host, 4000));
    }

    [Fact]
    public async Task OwnZone_OfFewerThanTheMinimum_IsNotPreferred()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 2), .. In("z2", 2)], ("Zone", "z1"), ("ZonePreference:MinimumInstances", "3"));

        Spread.IsBy(Spread.Even("z1-0", "z1-1", "z2-0", "z2-1"), Pick(host, 4000));
    }

    [Fact]
    public async Task OwnZone_WhileFarAlsoDegraded_TakesDegradedOfItsOwnFirst()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 3, HealthStatus.Degraded), .. In("z2", 2)], ("Zone", "z1"));

        // Two of five are healthy: too few, so that degraded ones join, and of all these the near ones are preferred.
        Assert.Equal(1000, Local(Pick(host, 1000)));
    }

    [Fact]
    public async Task Panic_KnowsNoZones()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 2), .. In("z2", 2)], ("Zone", "z1"), ("Outliers:MaxEjectedPercent", "100"));
        End(host, "z1-0", PickOutcome.Failed, 5);
        End(host, "z1-1", PickOutcome.Failed, 5);
        Assert.Equal(0, Local(Pick(host, 100)));

        End(host, "z2-0", PickOutcome.Failed, 5);

        Assert.Equal(["z1-0", "z1-1", "z2-0", "z2-1"], Pick(host, 400).Keys.Order());
    }

    [Fact]
    public async Task EjectedInstances_CountAsMissingInTheirZone()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 2), .. In("z2", 2)], ("Zone", "z1"));
        Assert.Equal(1000, Local(Pick(host, 1000)));

        End(host, "z1-0", PickOutcome.ConnectFailed);

        Assert.InRange(Local(Pick(host, 10_000)), 7_000 - 275, 7_000 + 275);
    }

    [Fact]
    public async Task Key_OfACallThatSpillsOver_StaysWhereItIs()
    {
        await using var host = await StartAsync("ConsistentHash", [.. In("z1", 2), .. In("z2", 8)], ("Zone", "z1"));
        var once = Enumerable.Range(0, 2000).Select(i => Assert.Single(Call(host, 1, _ => 0, key: _ => Key(i))).Key).ToList();
        var again = Enumerable.Range(0, 2000).Select(i => Assert.Single(Call(host, 1, _ => 0, key: _ => Key(i))).Key).ToList();

        Assert.Equal(once, again);
        Assert.InRange(once.Count(id => id.StartsWith("z1", StringComparison.Ordinal)), 1120 - 134, 1120 + 134);

        static string Key(int i) => i.ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Zone_OfTheCallersOwnRegistration_IsItsZone()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 2), .. In("z2", 2)]);
        Assert.Equal(4, Pick(host, 100).Count);

        host.Configuration["Discovery:Registration:Zone"] = "z1";
        host.Configuration.Reload();

        Assert.Equal(100, Local(Pick(host, 100)));

        host.Configuration["Discovery:Client:Zone"] = "z2";
        host.Configuration.Reload();

        Assert.Equal(0, Local(Pick(host, 100)));
    }

    [Fact]
    public async Task Zone_OfARegistrationSetInCode_IsTheCallersZone()
    {
        await using var host = await StartAsync(
            "RoundRobin", [.. In("z1", 2), .. In("z2", 2)], services => services.Configure<Hosting.Registration.RegistrationOptions>(options => options.Zone = "z1"));

        Assert.Equal(100, Local(Pick(host, 100)));
    }

    [Fact]
    public async Task Preference_TurnedOffForOneService_LeavesAllZonesAlike()
    {
        await using var host = await StartAsync(
            "RoundRobin", [.. In("z1", 2), .. In("z2", 2)], ("Zone", "z1"), ("Services:orders:ZonePreference:Enabled", "false"));

        Assert.Equal(4, Pick(host, 100).Count);
    }

    [Fact]
    public async Task RetryElsewhere_TriesTheOwnZoneFirst()
    {
        await using var host = await StartAsync("RoundRobin", [.. In("z1", 2), .. In("z2", 2)], ("Zone", "z1"));
        using var view = host.Discovery.GetView("orders");

        Assert.True(view.TryPick(new PickRequest { Tried = ["z1-0"] }, out var near));
        Assert.True(view.TryPick(new PickRequest { Tried = ["z1-0", "z1-1"] }, out var far));

        Assert.Equal("z1-1", near.Instance.Id);
        Assert.StartsWith("z2", far.Instance.Id, StringComparison.Ordinal);
    }

    private static int Local(Dictionary<string, int> picked) => picked.Where(pair => pair.Key.StartsWith("z1", StringComparison.Ordinal)).Sum(pair => pair.Value);

    private static IEnumerable<ServiceInstance> In(string zone, int count, HealthStatus health = HealthStatus.Healthy) =>
        Enumerable.Range(0, count).Select(i => Instances.Create($"{zone}-{i}", health: health) with { Zone = zone });
}
