using System.Globalization;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Health;

/// <summary>
/// Readiness as the registrations see it: Unhealthy while the app is leaving, so that load balancers and orchestrators turn away;
/// Degraded while it is not registered, which callers that already know it need not mind.
/// </summary>
internal sealed class RegistrationHealthCheck(ServiceRegistrar registrar, DrainState drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var statuses = registrar.Status;
        var data = new Dictionary<string, object>();
        foreach (var status in statuses)
        {
            var prefix = $"{status.ServiceName}/{status.InstanceId ?? "?"}";
            data[$"{prefix}:state"] = status.State.ToString();
            data[$"{prefix}:since"] = status.Since.ToString("O", CultureInfo.InvariantCulture);
            data[$"{prefix}:registry"] = status.Registry;
            Add(data, $"{prefix}:lease", status.Lease);
            Add(data, $"{prefix}:lastBeat", status.LastBeat?.ToString("O", CultureInfo.InvariantCulture));
            Add(data, $"{prefix}:lastError", status.LastError);
        }

        return Task.FromResult(
            drain.IsDraining ? HealthCheckResult.Unhealthy("The app is stopping.", data: data)
            : statuses.FirstOrDefault(status => status.State != RegistrationState.Registered) is { } missing
                ? HealthCheckResult.Degraded($"{missing.ServiceName} is not registered in {missing.Registry}: {missing.State}.", data: data)
            : HealthCheckResult.Healthy(statuses.Count == 0 ? "Nothing is to be registered." : "Registered.", data));
    }

    private static void Add(Dictionary<string, object> data, string key, string? value)
    {
        if (value is not null)
        {
            data[key] = value;
        }
    }
}
