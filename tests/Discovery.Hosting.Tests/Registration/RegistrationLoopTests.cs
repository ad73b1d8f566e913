using Discovery.Hosting.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Registration;

public sealed class RegistrationLoopTests : IDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Beat = Ttl / 3;
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    private readonly LoopUnderTest _loop = new(Ttl);

    private ScriptedRegistry Registry => _loop.Registry;

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Run_WhileTheRegistryHolds_BeatsEveryThirdOfTheTtl()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 5, Ttl * 3);

        var beats = Registry.Named("beat").Select(call => call.At).ToList();
        Assert.InRange(beats[0], Beat / 2 - Slack, Beat + Slack);
        Assert.All(beats.Zip(beats.Skip(1), (first, second) => second - first), gap => Assert.InRange(gap, Beat - Slack, Beat + Slack));
        Assert.Single(Registry.Named("register"));
        Assert.Equal(RegistrationState.Registered, Assert.Single(registration.Status).State);
        Assert.Equal(["Registered"], _loop.Events());
    }

    // The registry counts its Ttl from the moment it has taken it, which may be long before its answer.
    [Fact]
    public async Task Run_OfWhatTheRegistryWasSlowToTake_BeatsAThirdOfTheTtlAfterAskingForIt()
    {
        var takes = Beat - TimeSpan.FromSeconds(1);
        Registry.OnRegister = token => Task.Delay(takes, _loop.Time, token);
        await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 2, Ttl * 2);

        var beats = Registry.Named("beat").Select(call => call.At).ToList();
        Assert.InRange(beats[0], takes, Beat + Slack);
        Assert.InRange(beats[1] - beats[0], Beat - Slack, Beat + Slack);
    }

    [Theory]
    [InlineData("http://10.0.0.1:8500", "Check that the registry runs, that its address is right, and that this app may use it.")]
    [InlineData(null, "Correct what it names: this registry is on this machine.")]
    public async Task Run_WhileTheRegistryIsDown_AdvisesWhatFitsTheRegistry(string? endpoint, string advice)
    {
        Registry.Endpoints = endpoint is null ? [] : [new Uri(endpoint)];
        Registry.OnRegister = ScriptedRegistry.DownAsync;
        await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => _loop.Events().Any(), Beat);

        Assert.EndsWith(advice, Assert.Single(_loop.Logs.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfAnUnhealthyApp_NeverAnnouncesItAsHealthy()
    {
        _loop.Health.Status = HealthStatus.Unhealthy;
        await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 2, Ttl * 2);

        Assert.All(Registry.Calls, call => Assert.Equal(HealthStatus.Unhealthy, call.Health));
    }

    [Fact]
    public async Task Run_WhenHealthChanges_SaysSoWithTheNextBeatAndLogsOnce()
    {
        await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 1, Ttl);
        _loop.Health.Status = HealthStatus.Degraded;
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 4, Ttl * 2);

        Assert.Equal(
            [HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Degraded, HealthStatus.Degraded],
            Registry.Named("beat").Select(call => call.Health!.Value));
        Assert.Equal(["Registered", "HealthChanged"], _loop.Events());
        Assert.DoesNotContain(_loop.Logs.Collector.GetSnapshot(), record => record.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WhenHealthChecksHang_BeatsUnhealthyWithoutPilingUpRuns()
    {
        await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 1, Ttl);
        var before = _loop.Health.Reports;
        _loop.Health.BeforeReport = _ => new TaskCompletionSource().Task; // heeds no token
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count(call => call.Health == HealthStatus.Unhealthy) == 3, Ttl * 4);

        Assert.Equal(before + 1, _loop.Health.Reports);
    }

    [Fact]
    public async Task Run_WhenTheRegistryIsDownAtTheStart_RegistersWithinOneBeatOfItsReturn()
    {
        Registry.OnRegister = ScriptedRegistry.DownAsync;
        var registration = await _loop.StartAsync();
        await _loop.MoveAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(RegistrationState.Registering, Assert.Single(registration.Status).State);
        Assert.InRange(Registry.Named("register").Count, 25, 120); // full jitter up to a beat: about one attempt each half beat

        Registry.OnRegister = _ => Task.CompletedTask;
        var back = _loop.Now;
        var registered = await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);

        Assert.InRange(registered - back, TimeSpan.Zero, Beat + Slack);
        Assert.Equal(["RegistryUnavailable", "Registered"], _loop.Events());
        Assert.Contains(_loop.Logs.Collector.GetSnapshot(), record => record.Message.Contains("Scripted: connection refused. It is tried again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WhenTheRegistryHangs_GivesUpEachAttemptAndTriesAgain()
    {
        Registry.OnRegister = ScriptedRegistry.HangAsync;
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("register").Count >= 4, TimeSpan.FromMinutes(2));
        Registry.OnRegister = _ => Task.CompletedTask;
        var back = _loop.Now;
        var registered = await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);

        Assert.InRange(registered - back, TimeSpan.Zero, Beat + Beat + Slack); // the attempt under way, and the pause after it
    }

    [Fact]
    public async Task Run_WhenAProviderThrowsACancellationOfItsOwn_TriesAgain()
    {
        Registry.OnRegister = _ => throw new TaskCanceledException("a client's own time-out");
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("register").Count >= 3, TimeSpan.FromMinutes(2));
        Registry.OnRegister = _ => Task.CompletedTask;
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
    }

    [Fact]
    public async Task Run_WhenForgotten_RegistersAnewAtOnceWithTheHealthOfNow()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 1, Ttl);
        _loop.Health.Status = HealthStatus.Unhealthy;
        Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Forgotten);
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 2, Ttl);
        Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Held);
        var forgotten = Registry.Named("beat")[^1].At;
        await _loop.MoveUntilAsync(() => Registry.Named("register").Count == 2, Ttl);

        var again = Registry.Named("register")[^1];
        Assert.InRange(again.At - forgotten, TimeSpan.Zero, Slack);
        Assert.Equal(HealthStatus.Unhealthy, again.Health);
        var status = Assert.Single(registration.Status);
        Assert.Equal((RegistrationState.Registered, 1), (status.State, status.Reregistrations));
        Assert.Equal(["Registered", "RegistrationForgotten", "Registered"], _loop.Events());
    }

    [Fact]
    public async Task Run_WhenKeepAlivesGetNoAnswer_IsSuspectAndDoesNotRegisterWhatStillStands()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 1, Ttl);
        Registry.OnKeepAlive = ScriptedRegistry.DownAsync<LeaseStatus>;
        await _loop.MoveAsync(Ttl * 3);
        Assert.Equal(RegistrationState.Suspect, Assert.Single(registration.Status).State);
        Assert.Equal("connection refused", Assert.Single(registration.Status).LastError);

        Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Held);
        var back = _loop.Now;
        var held = await _loop.MoveUntilAsync(() => registration.Status.Single().State == RegistrationState.Registered, Ttl);
        Assert.InRange(held - back, TimeSpan.Zero, Beat + Slack);
        Assert.Single(Registry.Named("register"));
        Assert.Equal(["Registered", "RegistrationSuspect", "RegistryRecovered"], _loop.Events());
    }

    [Fact]
    public async Task Run_WhenSuperseded_TakesAnIdOfItsOwnAfterOneTtl()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 1, Ttl);
        Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Superseded);
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 2, Ttl);
        Registry.OnKeepAlive = _ => Task.FromResult(LeaseStatus.Held);
        Assert.Equal(RegistrationState.Superseded, Assert.Single(registration.Status).State);
        var lost = _loop.Now;
        var again = await _loop.MoveUntilAsync(() => Registry.Named("register").Count == 2, Ttl * 2);

        Assert.InRange(again - lost, Ttl - Slack, Ttl + Slack);
        Assert.Matches("^orders-1-[0-9a-f]{4}$", Registry.Named("register")[^1].Id);
        Assert.Empty(Registry.Named("revoke")); // it is the other's now
        Assert.Contains("RegistrationSuperseded", _loop.Events(LogLevel.Error));
    }

    [Fact]
    public async Task Run_WhenDenied_SaysSoOnceAndTriesForEver()
    {
        Registry.OnRegister = _ => throw new RegistryException(RegistryErrorKind.Denied, "service:write is missing");
        var registration = await _loop.StartAsync();
        await _loop.MoveAsync(TimeSpan.FromMinutes(1));
        var status = Assert.Single(registration.Status);
        Assert.Equal((RegistrationState.Refused, "service:write is missing"), (status.State, status.LastError));
        Assert.Equal(["RegistrationRefused"], _loop.Events());
        Assert.InRange(Registry.Calls.Count, 10, 80);

        Registry.OnRegister = _ => Task.CompletedTask;
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
    }

    [Fact]
    public async Task Refresh_WithAnotherDescription_ReplacesItWithoutRevoking()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        ((InstanceTarget)registration.Target).Replace(LoopUnderTest.Instance() with { Tags = ["blue"] });
        registration.Refresh();
        await registration.Settled.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(["register", "register"], Registry.Calls.Select(call => call.Name));
        Assert.Equal(["blue"], Registry.Calls[^1].Instance!.Tags);
    }

    [Fact]
    public async Task Refresh_WithTheSameDescription_AsksNothingOfTheRegistry()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        registration.Refresh();
        await registration.Settled.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(["register"], Registry.Calls.Select(call => call.Name));
    }

    [Fact]
    public async Task Refresh_WithADescriptionThatIsRefused_KeepsTheStandingRegistrationAlive()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        Registry.OnRegister = _ => throw new RegistryException(RegistryErrorKind.Invalid, "no such tag");
        ((InstanceTarget)registration.Target).Replace(LoopUnderTest.Instance() with { Tags = ["bad"] });
        registration.Refresh();
        await _loop.MoveUntilAsync(() => Registry.Named("beat").Count == 4, Ttl * 2);
        Assert.Contains("RegistrationRefused", _loop.Events(LogLevel.Error));

        Registry.OnRegister = _ => Task.CompletedTask;
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        Assert.Equal(["bad"], Registry.Named("register")[^1].Instance!.Tags);
    }

    [Fact]
    public async Task Run_OfManyRegistrationsInAnOutage_SharesTheBreakerAndAllReturnWithinOneBeat()
    {
        const int Many = 200;
        Registry.OnRegister = ScriptedRegistry.DownAsync;
        var registrations = new List<RunningRegistration>();
        for (var i = 0; i < Many; i++)
        {
            registrations.Add(await _loop.StartAsync(LoopUnderTest.Instance($"orders-{i}")));
        }

        await _loop.MoveAsync(TimeSpan.FromSeconds(30));
        var before = Registry.Calls.Count;
        await _loop.MoveAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(Registry.Calls.Count - before, 5, 200); // without the breaker about 200 × 12

        Registry.OnRegister = _ => Task.CompletedTask;
        var back = _loop.Now;
        var all = await _loop.MoveUntilAsync(() => registrations.All(registration => registration.Settled.IsCompleted), Ttl * 2);
        Assert.InRange(all - back, TimeSpan.Zero, Beat + Slack);
    }
}
