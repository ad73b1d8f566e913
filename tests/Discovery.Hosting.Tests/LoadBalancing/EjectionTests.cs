using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Discovery.Hosting.Tests.LoadBalancing.PickedCalls;

namespace Discovery.Hosting.Tests.LoadBalancing;

public sealed class EjectionTests
{
    [Theory]
    [InlineData(PickOutcome.Failed)]
    [InlineData(PickOutcome.TimedOut)]
    public async Task FailuresInARow_FiveOfThem_Eject(PickOutcome failure)
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        End(host, "a1", failure, 4);
        Assert.Empty(Ejected(host));

        End(host, "a1", failure);

        Assert.Equal(EjectionReason.ConsecutiveFailures, Status(host, "a1").EjectedFor);
        Assert.DoesNotContain("a1", Pick(host, 1000).Keys);
    }

    [Fact]
    public async Task FailuresInARow_BrokenByASuccess_BeginAnew()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        for (var i = 0; i < 5; i++)
        {
            End(host, "a1", PickOutcome.Failed, 4);
            End(host, "a1", PickOutcome.Success);
        }

        Assert.Empty(Ejected(host));
        Assert.Equal(20, Status(host, "a1").Failures);
    }

    [Fact]
    public async Task CancelledCalls_SayNothingOfTheInstance()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));

        End(host, "a1", PickOutcome.Cancelled, 100);

        Assert.Empty(Ejected(host));
    }

    [Fact]
    public async Task Ejection_Repeated_LastsLongerEachTimeUpToTheLimit()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4), ("Outliers:EjectionJitter", "0"), ("SlowStart:Window", "00:00:00"));

        foreach (var seconds in (int[])[30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300])
        {
            End(host, "a1", PickOutcome.Failed, 5);
            Assert.Equal(host.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds), Status(host, "a1").EjectedUntil);

            host.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(["a1"], Ejected(host));
            host.Time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.Empty(Ejected(host));
        }
    }

    [Fact]
    public async Task Ejections_AreForgivenOneEachInterval()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4), ("Outliers:EjectionJitter", "0"));
        for (var i = 1; i <= 3; i++)
        {
            End(host, "a1", PickOutcome.Failed, 5);
            host.Time.Advance(TimeSpan.FromSeconds((30 * i) + 1));
        }

        host.Time.Advance(TimeSpan.FromSeconds(60));
        End(host, "a1", PickOutcome.Failed, 5);

        Assert.Equal(host.Time.GetUtcNow() + TimeSpan.FromSeconds(30), Status(host, "a1").EjectedUntil);
    }

    [Fact]
    public async Task Ejection_StraysByItsJitter()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(100));
        foreach (var instance in Instances.Many(10))
        {
            End(host, instance.Id, PickOutcome.Failed, 5);
        }

        var lengths = Instances.Many(10).Select(instance => (Status(host, instance.Id).EjectedUntil! - host.Time.GetUtcNow()).Value.TotalSeconds).ToList();

        Assert.All(lengths, length => Assert.InRange(length, 24, 36));
        Assert.Equal(10, lengths.Distinct().Count());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    [InlineData(50, 5)]
    public async Task FailingInstances_BeyondATenth_StayInUse(int count, int ejected)
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(count));

        Call(host, 20 * count, _ => 0, _ => PickOutcome.Failed);

        Assert.Equal(ejected, Ejected(host).Length);
        Assert.Equal(count - ejected, Pick(host, 10 * count).Count);
    }

    [Fact]
    public async Task Panic_WhenTheOthersLeave_UsesEjectedOnesAgain()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        host.Probe.Close(Instances.Many(2));
        End(host, "a0", PickOutcome.ConnectFailed);
        End(host, "a1", PickOutcome.ConnectFailed);
        Assert.Equal(["a2", "a3"], Pick(host, 100).Keys.Order());

        host.Registry.Delete("orders", "a3");
        await host.KnownAsync(known => known.Instances.Count == 3);

        Assert.Equal(["a0", "a1", "a2"], Pick(host, 100).Keys.Order());
        Assert.Equal(["a0", "a1"], Ejected(host));
    }

    [Fact]
    public async Task DegradedInstances_TakeTheCallsOfEjectedOnes()
    {
        var degraded = Instances.Many(2, "d").Select(instance => instance with { Health = HealthStatus.Degraded });
        await using var host = await StartAsync("RoundRobin", [.. Instances.Many(2), .. degraded]);
        Assert.Equal(["a0", "a1"], Pick(host, 100).Keys.Order());

        End(host, "a0", PickOutcome.ConnectFailed);

        Assert.Equal(["a1", "d0", "d1"], Pick(host, 100).Keys.Order());
    }

    [Fact]
    public async Task RegisteredAnew_AnEjectedInstance_IsInUseAgain()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Create("a", incarnation: 1), Instances.Create("b"), Instances.Create("c"));
        End(host, "a", PickOutcome.Failed, 5);
        Assert.Equal(["a"], Ejected(host));

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a", incarnation: 2)], []));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Incarnation == 2));

        Assert.Empty(Ejected(host));
        Assert.Contains("a", Pick(host, 300).Keys);
        Assert.Equal(0, Status(host, "a").Failures);
    }

    [Fact]
    public async Task ChangedInstance_OfTheSameIncarnation_StaysEjected()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Create("a", incarnation: 1), Instances.Create("b"), Instances.Create("c"));
        End(host, "a", PickOutcome.Failed, 5);

        host.Registry.Send("orders", RegistryChange.Delta([Instances.Create("a", incarnation: 1, weight: 50)], []));
        await host.KnownAsync(known => known.Instances.Any(instance => instance.Weight == 50));

        Assert.Equal(["a"], Ejected(host));
        Assert.DoesNotContain("a", Pick(host, 300).Keys);
    }

    [Fact]
    public async Task RetryElsewhere_ComesToEjectedOnesLast()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(3));
        End(host, "a0", PickOutcome.ConnectFailed);
        using var view = host.Discovery.GetView("orders");

        Assert.True(view.TryPick(new PickRequest { Tried = ["a1"] }, out var other));
        Assert.True(view.TryPick(new PickRequest { Tried = ["a1", "a2"] }, out var last));

        Assert.Equal("a2", other.Instance.Id);
        Assert.Equal("a0", last.Instance.Id);
    }

    [Fact]
    public async Task Ejections_TurnedOffForOneService_DoNotHappenUntilTheyAreTurnedOn()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4), ("Services:orders:Outliers:Enabled", "false"));
        End(host, "a1", PickOutcome.ConnectFailed, 20);
        Assert.Empty(Ejected(host));

        host.Configuration["Discovery:Client:Services:orders:Outliers:Enabled"] = "true";
        host.Configuration.Reload();
        End(host, "a1", PickOutcome.ConnectFailed);

        Assert.Equal(["a1"], Ejected(host));
    }

    [Fact]
    public async Task Ejection_IsNoNewsToThoseWhoWatchTheInstances()
    {
        await using var host = await StartAsync("RoundRobin", Instances.Many(4));
        await using var watching = host.Discovery.WatchAsync("orders", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watching.MoveNextAsync());
        var next = watching.MoveNextAsync().AsTask();

        End(host, "a1", PickOutcome.ConnectFailed);
        Assert.Equal(4, host.Known().Instances.Count);
        host.Registry.Delete("orders", "a0");

        Assert.True(await next);
        Assert.Equal(["a1", "a2", "a3"], watching.Current.Instances.Ids());
    }
}
