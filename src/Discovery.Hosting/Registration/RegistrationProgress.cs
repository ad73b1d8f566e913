using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Registration;

/// <summary>Where one registration stands, kept for those who ask: health checks, metrics, diagnostics.</summary>
internal sealed class RegistrationProgress(string serviceName, string registry, DiscoveryJournal journal, TimeProvider time)
{
    private readonly Lock _gate = new();

    // What each beat changes is kept beside the rest: a beat of one registration of thousands is to cost no memory.
    private DateTimeOffset? _lastBeat;
    private DateTimeOffset? _nextBeat;
    private HealthStatus? _lastHealth;
    private RegistrationStatus _status = new()
    {
        ServiceName = serviceName,
        Registry = registry,
        State = RegistrationState.Pending,
        Since = time.GetUtcNow(),
    };

    public RegistrationStatus Status
    {
        get
        {
            lock (_gate)
            {
                return _status with { LastBeat = _lastBeat, NextBeat = _nextBeat, LastHealth = _lastHealth };
            }
        }
    }

    /// <summary>The health that went with the last beat, or null where there was none.</summary>
    public HealthStatus? LastHealth
    {
        get
        {
            lock (_gate)
            {
                return _lastHealth;
            }
        }
    }

    public void Registering() => Update(status => In(status, RegistrationState.Registering));

    public void Named(ServiceInstance instance) =>
        Update(status => status with { ServiceName = instance.ServiceName, InstanceId = instance.Id });

    public void Registered(ServiceInstance instance, string lease)
    {
        NoteBeat(instance.Health);
        Update(status => In(status, RegistrationState.Registered) with
        {
            ServiceName = instance.ServiceName,
            InstanceId = instance.Id,
            Lease = lease,
            LastError = null,
        });
    }

    public void Beaten(HealthStatus health)
    {
        if (!NoteBeat(health))
        {
            Update(status => In(status, RegistrationState.Registered) with { LastError = null });
        }
    }

    public void BeatDue(TimeSpan due)
    {
        lock (_gate)
        {
            _nextBeat = time.GetUtcNow() + due;
        }
    }

    public void Forgotten(string reason) => Update(status => In(status, RegistrationState.Registering) with
    {
        Lease = null,
        LastError = reason,
        Reregistrations = status.Reregistrations + 1,
    });

    public void Superseded(string reason) =>
        Update(status => In(status, RegistrationState.Superseded) with { Lease = null, LastError = reason });

    public void Failed(RegistrationState state, string error) => Update(status => In(status, state) with { LastError = error });

    public void Revoked() => Update(status => In(status, RegistrationState.Revoked) with { Lease = null });

    /// <returns>Whether that is all there is to note: nothing was amiss before.</returns>
    private bool NoteBeat(HealthStatus health)
    {
        lock (_gate)
        {
            (_lastBeat, _lastHealth) = (time.GetUtcNow(), health);
            return _status is { State: RegistrationState.Registered, LastError: null };
        }
    }

    private RegistrationStatus In(RegistrationStatus status, RegistrationState state) =>
        status.State == state ? status : status with { State = state, Since = time.GetUtcNow() };

    private void Update(Func<RegistrationStatus, RegistrationStatus> change)
    {
        RegistrationStatus before, now;
        lock (_gate)
        {
            (before, now) = (_status, _status = change(_status));
            _nextBeat = before.State == now.State ? _nextBeat : null;
        }

        if (before.State != now.State)
        {
            journal.Add(new()
            {
                Kind = DiscoveryEventKind.RegistrationChanged,
                ServiceName = now.ServiceName,
                InstanceId = now.InstanceId,
                Registration = now.State,
                Registry = now.Registry,
            });
        }
    }
}
