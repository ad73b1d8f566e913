using Discovery.Hosting.Health;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace Discovery.Hosting.Registration;

/// <summary>Tells the operator what a registration goes through: a status for who asks, and one log line for each change.</summary>
internal sealed partial class RegistrationJournal(RegistrationProgress progress, IServiceRegistry registry, ILogger<RegistrationLoop> logger)
{
    private string? _lastFailure;

    public RegistrationStatus Status => progress.Status;

    public void Registering() => progress.Registering();

    public void Named(ServiceInstance instance) => progress.Named(instance);

    public void Registered(ServiceInstance instance, string lease)
    {
        _lastFailure = null;
        progress.Registered(instance, lease);
        LogRegistered(instance.ServiceName, instance.Id, Status.Registry, instance.Endpoints, instance.Health, lease);
    }

    /// <summary>The next beat is in that much time.</summary>
    public void BeatDue(TimeSpan due) => progress.BeatDue(due);

    public void Beaten(AppHealth health)
    {
        if (progress.LastHealth != health.Status)
        {
            LogHealthChanged(Status.ServiceName, Status.InstanceId, health.Status, health.Note ?? "all checks pass");
        }

        if (_lastFailure is not null)
        {
            _lastFailure = null;
            LogRecovered(Status.ServiceName, Status.InstanceId, Status.Registry);
        }

        progress.Beaten(health.Status);
    }

    public void Forgotten()
    {
        progress.Forgotten("The registry had forgotten the registration.");
        LogForgotten(Status.ServiceName, Status.InstanceId, Status.Registry);
    }

    public void Superseded(TimeSpan ttl)
    {
        progress.Superseded("Another living copy has registered under the same service name and ID.");
        LogSuperseded(Status.ServiceName, Status.InstanceId, Status.Registry, ttl);
    }

    /// <param name="failure">What an attempt ended with.</param>
    /// <param name="mayStand">Whether the registry may still hold the registration.</param>
    public void Failed(Exception failure, bool mayStand)
    {
        if (failure is BrokenCircuitException)
        {
            return; // says only that others have failed, and they have said so
        }

        var refused = failure is RegistrationRefusedException or RegistryException { Kind: not RegistryErrorKind.Unavailable };
        progress.Failed(refused ? RegistrationState.Refused : mayStand ? RegistrationState.Suspect : RegistrationState.Registering, failure.Message);

        // One line for each kind of failure until the next success, not one for each attempt; no answer is one kind, whether refused a connection or timed out.
        var kind = refused ? $"{failure.GetType().Name} {(failure as RegistryException)?.Kind}" : mayStand ? "suspect" : "unavailable";
        if (_lastFailure == kind)
        {
            return;
        }

        _lastFailure = kind;
        if (refused)
        {
            LogRefused(Status.ServiceName, Status.Registry, FailureText.Of(failure));
        }
        else if (mayStand)
        {
            LogSuspect(Status.ServiceName, Status.InstanceId, Status.Registry, FailureText.Of(failure));
        }
        else
        {
            LogUnavailable(Status.ServiceName, Status.Registry, FailureText.Of(failure), RegistryAdvice.For(registry));
        }
    }

    /// <summary>The registration is no longer wanted, and nothing of it was ever sent.</summary>
    public void NothingToRevoke() => progress.Revoked();

    /// <param name="stood">Whether the registry was known to hold it.</param>
    public void Revoked(bool stood)
    {
        progress.Revoked();
        if (stood)
        {
            LogRevoked(Status.ServiceName, Status.InstanceId, Status.Registry);
        }
        else
        {
            LogWithdrawn(Status.ServiceName, Status.InstanceId, Status.Registry);
        }
    }

    /// <param name="failure">What taking it back ended with.</param>
    /// <param name="ttl">When it ends by itself.</param>
    /// <param name="stood">Whether the registry was known to hold it.</param>
    public void NotRevoked(Exception failure, TimeSpan ttl, bool stood)
    {
        if (stood)
        {
            LogNotRevoked(Status.ServiceName, Status.InstanceId, Status.Registry, ttl, FailureText.Of(failure));
        }
        else
        {
            LogNotWithdrawn(Status.ServiceName, Status.InstanceId, Status.Registry, ttl, FailureText.Of(failure));
        }
    }

    public void Broken(Exception failure) => LogBroken(failure, Status.ServiceName, Status.Registry);
}
