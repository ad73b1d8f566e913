using Discovery.Hosting.Health;
using Discovery.Hosting.Telemetry;
using Polly;
using Polly.CircuitBreaker;

namespace Discovery.Hosting.Registration;

/// <summary>What one registry is asked for one registration, one attempt at a time, and what is known to stand there.</summary>
internal sealed class RegistrationHandle(IServiceRegistry registry, ResiliencePipeline attempt, TimeSpan ttl, RegistryCalls calls, TimeProvider time)
{
    private IServiceLease? _lease;
    private ServiceInstance? _unanswered; // sent to the registry, and no answer came: it may stand there
    private long? _unansweredAt; // when that happened last

    /// <summary>The instance that the registry is known to have taken, or null.</summary>
    public ServiceInstance? Held { get; private set; }

    /// <summary>What the registry calls the registration.</summary>
    public string? Lease => _lease?.Description;

    /// <summary>Whether the registry holds the registration, or may.</summary>
    public bool MayStand => Held is not null || _unanswered is not null;

    /// <summary>Whether the registration has stood in the registry, or may have: callers may know of it.</summary>
    public bool WasAnnounced { get; private set; }

    public async ValueTask RegisterAsync(ServiceInstance instance, CancellationToken cancellationToken)
    {
        var before = _unanswered;
        _unanswered = instance;
        IServiceLease lease;
        try
        {
            lease = await calls.MakeAsync(
                registry,
                "register",
                instance.ServiceName,
                token => attempt.ExecuteAsync(async inner => await registry.RegisterAsync(instance, ttl, inner).ConfigureAwait(false), token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BrokenCircuitException or RegistryException { Kind: not RegistryErrorKind.Unavailable })
        {
            _unanswered = before; // never sent, or refused: what went unanswered earlier may stand there all the same
            throw;
        }
        catch
        {
            _unansweredAt = time.GetTimestamp();
            throw;
        }

        await LetGoAsync().ConfigureAwait(false);
        (_lease, Held, _unanswered, WasAnnounced) = (lease, instance, null, true);
    }

    public async ValueTask<LeaseStatus> KeepAliveAsync(AppHealth health, CancellationToken cancellationToken)
    {
        // No closures: most beats find that another registration's keep-alive has served them, and cost next to nothing.
        var status = await calls.MakeAsync(
            registry,
            "keep_alive",
            Held!.ServiceName,
            static (beat, token) => beat.attempt.ExecuteAsync(
                static async (beat, inner) => await beat.Lease.KeepAliveAsync(beat.health.Status, beat.health.Note, inner).ConfigureAwait(false), beat, token),
            (attempt, Lease: _lease!, health),
            cancellationToken).ConfigureAwait(false);

        // What stands there in the lease's place may be what we have sent ourselves, whose answer was lost, or which arrived after we had
        // given it up and sent it again: no other copy, and no new ID. Where it is one after all, it is found out a Ttl later.
        var mayBeOurs = _unanswered is not null || (_unansweredAt is { } at && time.GetElapsedTime(at) < ttl);
        return status == LeaseStatus.Superseded && mayBeOurs ? LeaseStatus.Forgotten : status;
    }

    public async ValueTask RevokeAsync(CancellationToken cancellationToken)
    {
        var mayHaveStood = MayStand;
        if (_unanswered is { } unanswered)
        {
            await calls.MakeAsync(
                registry,
                "deregister",
                unanswered.ServiceName,
                token => registry.DeregisterAsync(unanswered.ServiceName, unanswered.Id, token),
                cancellationToken).ConfigureAwait(false);
        }
        else if (_lease is { } lease)
        {
            await calls.MakeAsync(registry, "revoke", Held!.ServiceName, lease.RevokeAsync, cancellationToken).ConfigureAwait(false);
        }

        _unanswered = null;
        WasAnnounced |= mayHaveStood;
        await LetGoAsync().ConfigureAwait(false);
    }

    /// <summary>Forgets the lease without a word to the registry, which has forgotten it too or given it to another.</summary>
    public async ValueTask LetGoAsync()
    {
        Held = null;
        if (Interlocked.Exchange(ref _lease, null) is { } lease)
        {
            await lease.DisposeAsync().ConfigureAwait(false);
        }
    }
}
