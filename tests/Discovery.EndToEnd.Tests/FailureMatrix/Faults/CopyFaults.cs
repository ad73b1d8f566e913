using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What happens to a copy of the service.</summary>
internal static class CopyFaults
{
    public static Fault Killed { get; } = new("a copy killed (SIGKILL)")
    {
        InjectAsync = async stage =>
        {
            await stage.Process.Process.KillAsync();
            Assert.False(stage.Process.Process.IsRunning);
            stage.Lose(stage.Process.Id);
        },
    };

    public static Fault Suspended { get; } = new("a copy hung (SIGSTOP) beyond its Ttl, then goes on")
    {
        InjectAsync = async stage =>
        {
            stage.Process.Process.Send(Signal.Stop);
            stage.Lose(stage.Process.Id);
            await Eventually.HoldsAsync(
                async () => !(await stage.Caller.Discovery.GetInstancesAsync(Stage.Service)).Instances.Any(instance => instance.Id == stage.Process.Id),
                cancellationToken: TestContext.Current.CancellationToken);
        },
        MendAsync = stage =>
        {
            stage.Process.Process.Send(Signal.Continue);
            stage.Return(stage.Process.Id);
            return Task.CompletedTask;
        },
    };

    /// <summary>The time of day of callers and copies, as an operator or NTP may set it.</summary>
    public static Fault ClockStepped { get; } = new("the clock stepped 25 hours forward, then 50 back")
    {
        InjectAsync = stage =>
        {
            stage.Clock.Step(TimeSpan.FromHours(25));
            return Task.CompletedTask;
        },
        ProveAsync = stage =>
        {
            Assert.InRange(stage.Clock.GetUtcNow(), DateTimeOffset.UtcNow + TimeSpan.FromHours(24), DateTimeOffset.MaxValue);
            return Task.CompletedTask;
        },
        MendAsync = stage =>
        {
            stage.Clock.Step(-TimeSpan.FromHours(50));
            return Task.CompletedTask;
        },
        VerifyAsync = stage =>
        {
            stage.Clock.Step(TimeSpan.FromHours(25)); // right again, for whatever follows on this stage
            return Task.CompletedTask;
        },
    };
}
