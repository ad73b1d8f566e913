using Discovery.Hosting.Health;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Discovery.Hosting.Registration;

/// <summary>
/// Reconciles one wanted registration with one registry, from the start of the app to its stop: registers, beats, registers anew what
/// the registry forgot, and never gives up. The first attempt is one like all others.
/// </summary>
internal sealed class RegistrationLoop
{
    private readonly RegistrationTarget _target;
    private readonly IServiceRegistry _registry;
    private readonly RegistrationServices _services;
    private readonly RegistrationHandle _handle;
    private readonly RegistrationJournal _journal;
    private readonly ResiliencePipeline _forEver;
    private readonly RegistrationWithdrawal _withdrawal;
    private readonly WakeSignal _wanted = new();
    private readonly TaskCompletionSource<Exception?> _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IdSuffix _ownId;
    private string? _suffix; // set once another copy has taken the ID over
    private long _askedAt; // for what was registered last: the registry may have taken it long before its answer came

    public RegistrationLoop(RegistrationTarget target, RegistryAccess access, IdSuffix ownId, RegistrationServices services)
    {
        _ownId = ownId;
        _target = target;
        _registry = access.Registry;
        _services = services;
        _handle = new RegistrationHandle(access.Registry, access.Attempt(target.Ttl), target.Ttl, services.Calls, services.Time);
        _journal = new RegistrationJournal(
            new RegistrationProgress(target.ServiceName, access.Registry.Description, services.Journal, services.Time),
            access.Registry,
            services.LoggerFactory.CreateLogger<RegistrationLoop>());
        var retries = new RegistrationRetries(target, services);
        _forEver = retries.ForEver(failure => _journal.Failed(failure, mayStand: _handle.Held is not null));
        _withdrawal = new RegistrationWithdrawal(_handle, _journal, retries.FewTimes(), target.Ttl);
    }

    public RegistrationStatus Status => _journal.Status;

    /// <summary>Whether the registration stood in the registry, or may have: callers may know of it.</summary>
    public bool WasAnnounced => _handle.WasAnnounced;

    /// <summary>Ends with the first attempt to register: null where it succeeded, else what came of it.</summary>
    public Task<Exception?> FirstAttempt => _firstAttempt.Task;

    /// <summary>Ends when the registry holds what is wanted now.</summary>
    public Task Settled => _wanted.Settled;

    private TimeProvider Time => _services.Time;

    /// <summary>What is wanted may have changed: the registry is made to hold it, without a gap.</summary>
    public void Refresh() => _wanted.Set();

    /// <exception cref="OperationCanceledException">The token was cancelled: the one way this ends.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await ReconcileAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                _journal.Broken(e);
                await Task.Delay(_target.BeatInterval, Time, stopping).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes the registration back, once <see cref="RunAsync"/> has ended or while it does not heed its token. Never throws.</summary>
    public Task RevokeAsync(CancellationToken cancellationToken) => _withdrawal.RunAsync(cancellationToken);

    private async Task ReconcileAsync(CancellationToken stopping)
    {
        _wanted.Reset();
        _journal.Registering();
        await _forEver.ExecuteAsync(static (loop, token) => loop.RegisterAsync(token), this, stopping).ConfigureAwait(false);
        var lost = await KeepAliveAsync(stopping).ConfigureAwait(false);
        await _handle.LetGoAsync().ConfigureAwait(false);
        if (lost == LeaseStatus.Superseded)
        {
            _journal.Superseded(_target.Ttl);
            await Task.Delay(_target.Ttl, Time, stopping).ConfigureAwait(false);
            _suffix = _ownId.Take();
        }
        else
        {
            _journal.Forgotten();
        }
    }

    private async ValueTask RegisterAsync(CancellationToken cancellationToken)
    {
        // What is not registered here yet must not take the ID from the copy that has it elsewhere.
        _suffix ??= _ownId.Current;
        try
        {
            await RegisterAsync(await DescribeAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            _firstAttempt.TrySetResult(null);
        }
        catch (Exception e)
        {
            _firstAttempt.TrySetResult(e);
            throw;
        }
    }

    // Health is asked for before every registration: an unhealthy app is never announced as passing.
    private async ValueTask RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken)
    {
        _journal.Named(instance);
        var health = await GetHealthAsync(cancellationToken).ConfigureAwait(false);
        var announced = instance with { Health = health.Status };
        _askedAt = Time.GetTimestamp();
        await _handle.RegisterAsync(announced, cancellationToken).ConfigureAwait(false);
        _journal.Registered(announced, _handle.Lease!);
        _wanted.Settle();
    }

    private async ValueTask<ServiceInstance> DescribeAsync(CancellationToken cancellationToken)
    {
        var instance = await _target.DescribeAsync(_registry, cancellationToken).ConfigureAwait(false);
        return _suffix is null ? instance : instance with { Id = $"{instance.Id}-{_suffix}" };
    }

    // Beats that fall due close together share one report.
    private ValueTask<AppHealth> GetHealthAsync(CancellationToken cancellationToken) =>
        _services.Health.GetAsync(_target.HealthTags, _target.BeatInterval / 5, _target.BeatInterval, cancellationToken);

    private async ValueTask<LeaseStatus> KeepAliveAsync(CancellationToken stopping)
    {
        using var wait = new TimedWait(Time);
        var due = BeatSlots.First(_target.BeatInterval, _services.Random.NextDouble(), Time.GetElapsedTime(_askedAt), Time);
        while (true)
        {
            var startedAt = Time.GetTimestamp();
            _journal.BeatDue(due);
            if (await _wanted.WaitAsync(wait, due, stopping).ConfigureAwait(false))
            {
                await ReplaceAsync(stopping).ConfigureAwait(false);
                due = Remaining(due, startedAt);
                continue;
            }

            startedAt = Time.GetTimestamp();
            var status = await _forEver.ExecuteAsync(static (loop, token) => loop.BeatAsync(token), this, stopping).ConfigureAwait(false);
            if (status != LeaseStatus.Held)
            {
                return status;
            }

            due = BeatSlots.Nearest(Remaining(_target.BeatInterval, startedAt), _target.BeatInterval, Time);
        }
    }

    private TimeSpan Remaining(TimeSpan interval, long startedAt)
    {
        var remaining = interval - Time.GetElapsedTime(startedAt);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private async ValueTask<LeaseStatus> BeatAsync(CancellationToken cancellationToken)
    {
        var startedAt = _services.Metrics.BeginBeat();
        var health = await GetHealthAsync(cancellationToken).ConfigureAwait(false);
        LeaseStatus status;
        try
        {
            status = await _handle.KeepAliveAsync(health, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not BrokenCircuitException)
        {
            _services.Metrics.EndBeat(startedAt, _handle.Held!.ServiceName, _registry, health.Status, e);
            throw;
        }

        _services.Metrics.EndBeat(startedAt, _handle.Held!.ServiceName, _registry, health.Status, error: null);
        if (status == LeaseStatus.Held)
        {
            _journal.Beaten(health);
        }

        return status;
    }

    // The standing registration is kept alive whatever becomes of the new description: a refused reload must not end it.
    private async ValueTask ReplaceAsync(CancellationToken stopping)
    {
        _wanted.Reset();
        try
        {
            var wanted = await DescribeAsync(stopping).ConfigureAwait(false);
            if (wanted == _handle.Held! with { Health = wanted.Health })
            {
                _wanted.Settle();
                return;
            }

            await RegisterAsync(wanted, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            _journal.Failed(e, mayStand: true);
            _ = TryReplaceLaterAsync(stopping);
        }
    }

    private async Task TryReplaceLaterAsync(CancellationToken stopping)
    {
        await Task.Delay(_target.BeatInterval, Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _wanted.Set();
    }
}
