using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.Time.Testing;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

/// <summary>Ejections by comparison with the others.</summary>
public sealed class SuccessRateTests
{
    [Fact]
    public async Task SuccessRate_FarBelowTheOthers_Ejects()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(10));

        Fail(host, calls: 3000, "a3", every: 4);
        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["a3"], Ejected(host));
        Assert.Equal(EjectionReason.SuccessRate, Status(host, "a3").EjectedFor);
    }

    [Theory]
    [InlineData(4, 3000)]
    [InlineData(10, 900)]
    public async Task SuccessRate_OfTooFewInstancesOrCalls_IsNotCompared(int instances, int calls)
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(instances));

        Fail(host, calls, "a3", every: 4);
        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(Ejected(host));
    }

    [Fact]
    public async Task SuccessRate_AlikeEverywhere_EjectsNobody()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(10));
        var calls = new Dictionary<string, int>();

        Call(host, 3000, _ => 0, id => (calls[id] = calls.GetValueOrDefault(id) + 1) % 4 == 0 ? PickOutcome.Failed : PickOutcome.Success);
        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.All(Instances.Many(10), instance => Assert.InRange(Status(host, instance.Id).Failures, 74, 76));
        Assert.Empty(Ejected(host));
    }

    [Fact]
    public async Task SuccessRate_OfOneFailureAmongThousandsOfCalls_EjectsNobody()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(10));

        Fail(host, calls: 3000, "a3", every: 200);
        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(1, Status(host, "a3").Failures);
        Assert.Empty(Ejected(host));
    }

    [Fact]
    public void Comparison_AskedForAFewMillisecondsEarly_IsNotPutOffForAWholeInterval()
    {
        var time = new FakeTimeProvider();
        var detector = new OutlierDetector(BalancingSettings.Default, time, Chance.Seeded(1));
        var interval = BalancingSettings.Default.Outliers.Interval;

        time.Advance(interval - TimeSpan.FromMilliseconds(20));
        Assert.True(detector.IsComparisonDue());
        Assert.False(detector.IsComparisonDue());

        time.Advance(interval / 2);
        Assert.False(detector.IsComparisonDue());
    }

    // Every so many calls of one instance fail, never two in a row.
    private static void Fail(LookupHost host, int calls, string id, int every)
    {
        var count = 0;
        Call(host, calls, _ => 0, picked => picked == id && ++count % every == 0 ? PickOutcome.Failed : PickOutcome.Success);
    }
}
