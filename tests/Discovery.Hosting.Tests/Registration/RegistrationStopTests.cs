using Discovery.Hosting.Registration;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>How a registration is taken back, and what is said of it.</summary>
public sealed class RegistrationStopTests : IDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    private readonly LoopUnderTest _loop = new(Ttl);

    private ScriptedRegistry Registry => _loop.Registry;

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Stop_OfARegistration_RevokesOnceHoweverOftenItIsAsked()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        await Task.WhenAll(_loop.StopAsync(registration), _loop.StopAsync(registration));
        await _loop.StopAsync(registration);
        await _loop.MoveAsync(Ttl * 2);

        Assert.Equal(["register", "revoke"], Registry.Calls.Select(call => call.Name));
        Assert.Equal(RegistrationState.Revoked, Assert.Single(registration.Status).State);
        Assert.Equal(["Registered", "Revoked"], _loop.Events());
    }

    [Fact]
    public async Task Stop_WhileARegistrationIsUnanswered_DeregistersWhatMayStandThere()
    {
        Registry.OnRegister = ScriptedRegistry.HangAsync;
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => Registry.Named("register").Count == 1, Ttl);
        await _loop.StopAsync(registration);

        Assert.Equal(["register", "deregister"], Registry.Calls.Select(call => call.Name));
    }

    [Fact]
    public async Task Stop_WhileTheCircuitIsOpen_DeregistersWhatMayStandThereFromBefore()
    {
        const int Failures = 10; // as many as open the circuit
        Registry.OnRegister = ScriptedRegistry.DownAsync; // and whether it has carried them out is not known
        var registrations = new List<RunningRegistration>();
        for (var i = 0; i < Failures; i++)
        {
            registrations.Add(await _loop.StartAsync(LoopUnderTest.Instance($"orders-{i}")));
        }

        await _loop.MoveAsync(Ttl / 3);
        await Task.WhenAll(registrations.Select(_loop.StopAsync));

        Assert.Equal(registrations.SelectMany(registration => registration.Status).Select(status => status.InstanceId), Registry.Named("deregister").Select(call => call.Id).Order());
    }

    [Fact]
    public async Task Stop_WhenTheRegistryHangs_EndsAfterThreeSeconds()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        Registry.OnRevoke = _ => new TaskCompletionSource().Task; // heeds no token
        var stopped = _loop.StopAsync(registration);
        var asked = _loop.Now;
        var ended = await _loop.MoveUntilAsync(() => stopped.IsCompleted, Ttl);

        Assert.InRange(ended - asked, TimeSpan.FromSeconds(3) - Slack, TimeSpan.FromSeconds(3) + Slack);
        Assert.Contains("RevokeFailed", _loop.Events(LogLevel.Warning));
    }

    [Fact]
    public async Task Stop_WhenRevokingFailsOnce_TriesAgain()
    {
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => registration.Settled.IsCompleted, Ttl);
        Registry.OnRevoke = _ => Registry.Named("revoke").Count < 2 ? throw new RegistryException("a lost answer") : Task.CompletedTask;
        var stopped = _loop.StopAsync(registration);
        await _loop.MoveUntilAsync(() => stopped.IsCompleted, Ttl);

        Assert.Equal(2, Registry.Named("revoke").Count);
        Assert.Contains("Revoked", _loop.Events());
    }

    [Theory]
    [InlineData(RegistryErrorKind.Denied)]
    [InlineData(RegistryErrorKind.Invalid)]
    public async Task Stop_AfterAnUnansweredAttemptAndARefusedOne_DeregistersWhatMayStandThere(RegistryErrorKind refusal)
    {
        Registry.OnRegister = _ => throw (Registry.Named("register").Count == 1 ? new RegistryException("a lost answer") : new RegistryException(refusal, "no"));
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => _loop.Events().Contains("RegistrationRefused"), Ttl);
        await _loop.StopAsync(registration);

        Assert.Single(Registry.Named("deregister"));
    }

    [Fact]
    public async Task Stop_WhileTheRegistryHasNeverAnswered_SaysThatItMayStandThere()
    {
        Registry.OnRegister = ScriptedRegistry.DownAsync;
        Registry.OnDeregister = ScriptedRegistry.DownAsync;
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => _loop.Events().Any(), Ttl);
        var stopped = _loop.StopAsync(registration);
        await _loop.MoveUntilAsync(() => stopped.IsCompleted, Ttl);

        Assert.Equal(["RegistryUnavailable", "WithdrawFailed"], _loop.Events());
    }

    [Fact]
    public async Task Stop_WhereTheAnswerToTheRegistrationWasLost_SaysThatItIsNotThere()
    {
        Registry.OnRegister = ScriptedRegistry.DownAsync;
        var registration = await _loop.StartAsync();
        await _loop.MoveUntilAsync(() => _loop.Events().Any(), Ttl);
        await _loop.StopAsync(registration);

        Assert.Equal(["RegistryUnavailable", "Withdrawn"], _loop.Events());
    }

    [Fact]
    public async Task Stop_BeforeAnythingWasSent_SaysNothing()
    {
        var registration = _loop.Start(new HangingTarget());
        var stopped = _loop.StopAsync(registration);
        await _loop.MoveUntilAsync(() => stopped.IsCompleted, Ttl);

        Assert.Empty(Registry.Calls);
        Assert.Empty(_loop.Events());
    }

    /// <summary>Never gets to know what it is, and heeds no token.</summary>
    private sealed class HangingTarget : RegistrationTarget
    {
        public override string ServiceName => "orders";

        public override TimeSpan Ttl => RegistrationStopTests.Ttl;

        public override IReadOnlyCollection<string> HealthTags => [];

        public override ValueTask<ServiceInstance> DescribeAsync(IServiceRegistry registry, CancellationToken cancellationToken) =>
            new(new TaskCompletionSource<ServiceInstance>().Task);
    }
}
