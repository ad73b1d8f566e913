using Discovery.Hosting.Tests.Lookup;
using Discovery.Testing;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>Ejections of instances that no connection can be made to.</summary>
public sealed class ConnectEjectionTests
{
    public static TheoryData<string> Policies =>
        ["RoundRobin", "Random", "WeightedRoundRobin", "LeastRequests", "PowerOfTwoChoices", "ConsistentHash", "PickFirst"];

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task RefusedConnection_UnderAnyPolicy_EjectsAtOnce(string policy)
    {
        await using var host = await StartAsync(policy, Instances.Many(4));
        var refusing = Assert.Single(Pick(host, 1)).Key;

        End(host, refusing, PickOutcome.ConnectFailed);

        Assert.Equal([refusing], Ejected(host));
        Assert.DoesNotContain(refusing, Pick(host, 1000).Keys);
    }

    [Fact]
    public async Task RefusingInstances_BeyondATenth_AreEjectedDownToThePanicThreshold()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(10));
        host.Probe.Close(Instances.Many(10));

        Call(host, 100, _ => 0, _ => PickOutcome.ConnectFailed);

        Assert.Equal(5, Ejected(host).Length);
        Assert.Equal(5, Pick(host, 100).Count);
    }

    [Fact]
    public async Task ConnectEjection_WhileThePortIsClosed_SendsNoCallThere()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        host.Probe.Close(Instances.Create("a1"));
        End(host, "a1", PickOutcome.ConnectFailed);

        for (var seconds = 0; seconds < 60; seconds++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.DoesNotContain("a1", Pick(host, 20).Keys);
        }

        // One probe per back-off, which grows: 1 s, 2 s, 3 s and so on.
        await Eventually.HoldsAsync(() => host.Probe.Probes > 0, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(host.Probe.Probes, 1, 12);
        Assert.Equal(["a1"], Ejected(host));
    }

    [Fact]
    public async Task ConnectEjection_WhenThePortIsOpenAgain_EndsWithinSeconds()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        End(host, "a1", PickOutcome.ConnectFailed);
        Assert.Equal(0, host.Probe.Probes);

        await host.PassTimeUntilAsync(() => Ejected(host).Length == 0, TimeSpan.FromSeconds(3));

        Assert.Equal(1, host.Probe.Probes);
        Assert.True(Status(host, "a1").IsStartingSlowly);
        Assert.Contains("a1", Pick(host, 1000).Keys);
    }
}
