using System.Runtime.CompilerServices;
using Discovery.Hosting.Health;
using Discovery.Hosting.Registration;
using Discovery.Hosting.Tests.Registration;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;

namespace Discovery.Hosting.Tests.Simulation;

/// <summary>What the simulation has found, each as a test of its own.</summary>
public sealed class FindingsTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Breaker_WhenTheWallClockIsSetBack_ClosesAfterItsPauseAllTheSame()
    {
        var time = new SteppedTime();
        await using var registry = new ScriptedRegistry(time);
        var attempt = new RegistryAccess(registry, Ttl, time).Attempt(Ttl);
        for (var failure = 0; failure < 10; failure++)
        {
            await Assert.ThrowsAsync<RegistryException>(async () => await attempt.ExecuteAsync(_ => throw new RegistryException("down"), TestContext.Current.CancellationToken));
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(async () => await attempt.ExecuteAsync(_ => default, TestContext.Current.CancellationToken));
        time.Step = TimeSpan.FromHours(-1);
        time.Advance(TimeSpan.FromSeconds(5));

        await attempt.ExecuteAsync(_ => default, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task HealthChecks_ThatFailAfterAllHaveGivenThemUp_LeaveNoUnobservedException()
    {
        var message = $"failed late {Guid.NewGuid()}";
        using var unobserved = new UnobservedExceptions();

        await FailLateAsync(message);

        Assert.DoesNotContain(unobserved.Collect(), exception => exception.Contains(message, StringComparison.Ordinal));
    }

    // The registry compares what stands there with what the lease wrote, finds the replacement, and takes it for another copy's.
    [Fact]
    public async Task Refresh_WhoseAnswerWasLost_IsNotTakenForAnotherCopy()
    {
        using var loop = new LoopUnderTest(Ttl);
        var registration = await loop.StartAsync();
        await loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        loop.Registry.OnRegister = ScriptedRegistry.DownAsync;
        loop.Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Superseded);
        ((InstanceTarget)registration.Target).Replace(LoopUnderTest.Instance() with { Weight = 7 });
        registration.Refresh();
        await loop.MoveUntilAsync(() => loop.Registry.Named("register").Count >= 2, Ttl);
        loop.Registry.OnRegister = _ => Task.CompletedTask;
        await loop.MoveUntilAsync(() => loop.Registry.Named("beat").Count > 0, Ttl);
        await AssertKeepsItsIdAsync(loop, registration);
    }

    // A registry that hangs may carry out what was given up long after what was sent in its place.
    [Fact]
    public async Task Registering_ThatArrivesAfterItWasGivenUp_IsNotTakenForAnotherCopy()
    {
        using var loop = new LoopUnderTest(Ttl);
        loop.Registry.OnRegister = ScriptedRegistry.DownAsync;
        var registration = await loop.StartAsync();
        await loop.MoveUntilAsync(() => loop.Registry.Named("register").Count >= 1, Ttl);
        loop.Registry.OnRegister = _ => Task.CompletedTask;
        loop.Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Superseded);
        await loop.MoveUntilAsync(() => loop.Registry.Named("beat").Count > 0, Ttl);
        await AssertKeepsItsIdAsync(loop, registration);
    }

    // What a thread keeps for a collection of the app's keeps the app, which the collection belongs to: ten thousand seeds took gigabytes.
    [Fact]
    public async Task App_ThatHasEnded_IsKeptByNothing()
    {
        var ended = await RunAnAppAsync();

        // What the server still has under way keeps it for a moment.
        await Eventually.HoldsAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !ended.IsAlive;
            },
            cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task AssertKeepsItsIdAsync(LoopUnderTest loop, RunningRegistration registration)
    {
        loop.Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Held);
        await loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        await loop.MoveAsync(Ttl * 2);

        Assert.All(loop.Registry.Named("register"), call => Assert.Equal("orders-1", call.Id));
        Assert.DoesNotContain("RegistrationSuperseded", loop.Events());
        Assert.Equal(RegistrationState.Registered, Assert.Single(registration.Status).State);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> RunAnAppAsync()
    {
        await using var registry = new InMemoryServiceRegistry(TimeProvider.System);
        await using var app = ShopApp.CreateBuilder(registry).Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);
        return new WeakReference(app.Services.GetRequiredService<ServiceRegistrar>());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task FailLateAsync(string message)
    {
        var time = new FakeTimeProvider();
        var late = new TaskCompletionSource();
        var monitor = new HealthMonitor(new ScriptedHealth { BeforeReport = _ => late.Task }, time, NullLogger<HealthMonitor>.Instance);
        var asked = monitor.GetAsync([], TimeSpan.Zero, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        await asked;
        late.SetException(new InvalidOperationException(message));
    }

    /// <summary>A fake clock whose wall time can be set, back as well as forward.</summary>
    private sealed class SteppedTime : FakeTimeProvider
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
