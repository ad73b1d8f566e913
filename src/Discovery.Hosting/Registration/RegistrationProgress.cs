using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Registration;

/// <summary>Where one registration stands, kept for those who ask: health checks, metrics, diagnostics.</summary>
internal sealed class RegistrationProgress(string serviceName, string registry, DiscoveryJournal journal, TimeProvider time)
{
    private readonly Lock _gate = new();
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
                return _status;
            }
        }
    }

    public void Registering() => Update(status => In(status, RegistrationState.Registering));

    public void Named(ServiceInstance instance) =>
        Update(status => status with { ServiceName = instance.ServiceName, InstanceId = instance.Id });

    public void Registered(ServiceInstance instance, string lease) => Update(status => In(status, RegistrationState.Registered) with
    {
        ServiceName = instance.ServiceName,
        InstanceId = instance.Id,
        Lease = lease,
        LastBeat = time.GetUtcNow(),
        LastHealth = instance.Health,
        LastError = null,
    });

    public void Beaten(HealthStatus health) => Update(status => In(status, RegistrationState.Registered) with
    {
        LastBeat = time.GetUtcNow(),
        LastHealth = health,
        LastError = null,
    });

    public void BeatDue(TimeSpan due) => Update(status => status with { NextBeat = time.GetUtcNow() + due });

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

    private RegistrationStatus In(RegistrationStatus status, RegistrationState state) =>
        status.State == state ? status : status with { State = state, Since = time.GetUtcNow(), NextBeat = null };

    private void Update(Func<RegistrationStatus, RegistrationStatus> change)
    {
        RegistrationStatus before, now;
        lock (_gate)
        {
            (before, now) = (_status, _status = change(_status));
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
