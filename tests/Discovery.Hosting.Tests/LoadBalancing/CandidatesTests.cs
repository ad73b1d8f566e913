using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class CandidatesTests
{
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

    [Fact]
    public async Task InstancesAmongCertainOnes_AreTheOnlyOnesPicked()
    {
        await using var host = await StartAsync("RoundRobin", [.. Instances.Many(3), Instances.Create("u", health: HealthStatus.Unhealthy)]);
        using var view = host.Discovery.GetView("orders");

        Assert.Equal(["a0", "a2"], PickAmong(view, ["a0", "a2", "u"]));
        Assert.Equal(["u"], PickAmong(view, ["u"]));
        Assert.Equal(["a2"], PickAmong(view, ["a0", "a2"], tried: ["a0"]));
        Assert.Equal(["a0"], PickAmong(view, ["a0"], tried: ["a0"]));
        Assert.False(view.TryPick(new PickRequest { Among = new HashSet<string> { "other" } }, out _));
    }

    private static IEnumerable<string> PickAmong(IServiceView view, HashSet<string> among, IReadOnlyCollection<string>? tried = null)
    {
        var picked = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            Assert.True(view.TryPick(new PickRequest { Among = among, Tried = tried }, out var pick));
            picked.Add(pick.Instance.Id);
        }

        return picked.Order();
    }
}
