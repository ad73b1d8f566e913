using System.Diagnostics;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>No call fails while copies come and go: real processes, signals and registries under constant load.</summary>
public abstract class RollingRestartTests(string provider)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RollingRestart_BySigterm_FailsNoCallEvenWithoutRetries(bool samePort)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: false);
        await using var load = new SteadyLoad(fleet.Caller);

        for (var i = 0; i < 3; i++)
        {
            var copy = await fleet.ReplaceAsync(i, Signal.Terminate, samePort);
            await fleet.KnownAsync(3);
            await AnswersAsync(load, copy);
        }

        await FinishAsync(load);
    }

    [Fact]
    public async Task Crash_BySigkill_FailsNoCallWithRetries()
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: true);
        await using var load = new SteadyLoad(fleet.Caller);

        for (var i = 0; i < 3; i++)
        {
            await AnswersAsync(load, fleet.Copies[i]);
            await AnswersAsync(load, await fleet.ReplaceAsync(i, Signal.Kill, samePort: true));
        }

        await FinishAsync(load);
    }

    // What it has received when it dies is lost without retries; what it refuses from then on goes elsewhere, and no call is spent on asking whether it is back.
    [Fact]
    public async Task Crash_BySigkillWithoutRetries_FailsOnlyCallsThatWereUnderWay()
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: false);
        await using var load = new SteadyLoad(fleet.Caller);
        var victim = fleet.Copies[0];
        await AnswersAsync(load, victim);

        Assert.Equal(137, await victim.SignalAsync(Signal.Kill));
        var endedAt = Stopwatch.GetTimestamp();
        var (calls, answered) = (load.Calls, load.AnswersOf(victim.Process.Id));
        await Eventually.HoldsAsync(() => HasNoticedAsync(fleet), cancellationToken: Cancellation);
        await Eventually.HoldsAsync(() => load.Calls >= calls + 2000, TimeSpan.FromSeconds(60), Cancellation);
        await load.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Calls} calls, {load.Failures.Count} failed");
        Assert.InRange(load.AnswersOf(victim.Process.Id) - answered, 0, 10); // it was dead: what came late had been answered before
        Assert.DoesNotContain(load.Failures, failure => failure.BegunAt > endedAt);
    }

    [Fact]
    public async Task Scaling_FromThreeToTwelveAndBack_FailsNoCall() => await ScaleAsync(12);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Scaling_FromThreeToThirtyAndBack_FailsNoCall() => await ScaleAsync(30);

    /// <summary>Restarts and a crash while nobody can be told of them.</summary>
    protected async Task RestartWithoutRegistryAsync()
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: true);
        await using var load = new SteadyLoad(fleet.Caller);
        await registry.KillAsync();
        await Eventually.IsAsync(() => fleet.Caller.LookAsync("orders"), known => known is { Source: "stale", Ids.Count: 3 }, TimeSpan.FromSeconds(30), Cancellation);

        for (var i = 0; i < 3; i++)
        {
            await AnswersAsync(load, await fleet.ReplaceAsync(i, i == 2 ? Signal.Kill : Signal.Terminate, samePort: true));
        }

        await registry.StartAgainAsync(wipe: false);
        await fleet.KnownAsync(3);
        await FinishAsync(load);
    }

    // By a refused connection. In Local the lock of what has died is free at once, so that the registry may tell of it before any call is refused.
    private async Task<bool> HasNoticedAsync(OrdersFleet fleet) =>
        await fleet.Caller.CountEjectionsAsync("orders") > 0 || (provider == "Local" && (await fleet.Caller.LookAsync("orders")).Ids.Count == 2);

    private async Task ScaleAsync(int most)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: false);
        await using var load = new SteadyLoad(fleet.Caller);

        await fleet.GrowAsync(most - 3);
        foreach (var copy in fleet.Copies)
        {
            await AnswersAsync(load, copy);
        }

        await fleet.ShrinkAsync(most - 3);
        await FinishAsync(load);
    }

    private static Task AnswersAsync(SteadyLoad load, QuickStartApp copy) =>
        Eventually.HoldsAsync(() => load.AnswersOf(copy.Process.Id) > 0 || !load.Failures.IsEmpty, TimeSpan.FromSeconds(60), Cancellation);

    private static async Task FinishAsync(SteadyLoad load)
    {
        await Eventually.HoldsAsync(() => load.Calls >= 2000, TimeSpan.FromSeconds(60), Cancellation);
        await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Calls} calls, {load.Failures.Count} failed");
        Assert.Empty(load.Failures);
    }
}

public sealed class LocalRollingRestartTests() : RollingRestartTests("Local");

public sealed class ConsulRollingRestartTests() : RollingRestartTests("Consul")
{
    [Fact]
    public Task RollingRestart_WhileTheRegistryIsDown_FailsNoCall() => RestartWithoutRegistryAsync();
}

public sealed class EtcdRollingRestartTests() : RollingRestartTests("Etcd")
{
    [Fact]
    public Task RollingRestart_WhileTheRegistryIsDown_FailsNoCall() => RestartWithoutRegistryAsync();
}
