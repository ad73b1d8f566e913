using System.Globalization;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Health;

/// <summary>
/// Readiness as the registrations see it: Unhealthy while the app is leaving, so that load balancers and orchestrators turn away;
/// Degraded while it is registered nowhere, which callers that already know it need not mind. Of several registries one is enough.
/// </summary>
internal sealed class RegistrationHealthCheck(ServiceRegistrar registrar, DrainState drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var registrations = registrar.Registrations;
        var data = new Dictionary<string, object>();
        foreach (var status in registrations.SelectMany(statuses => statuses))
        {
            Add(data, status, isOneOfSeveral: registrations[0].Count > 1);
        }

        var missing = registrations.SelectMany(statuses => statuses).Where(status => status.State != RegistrationState.Registered).Select(Describe).ToList();
        var nowhere = registrations.FirstOrDefault(statuses => statuses.All(status => status.State != RegistrationState.Registered));
        return Task.FromResult(
            drain.IsDraining ? HealthCheckResult.Unhealthy("The app is stopping.", data: data)
            : nowhere is not null ? HealthCheckResult.Degraded(string.Join(" ", nowhere.Select(Describe)), data: data)
            : HealthCheckResult.Healthy(registrations.Count == 0 ? "Nothing is to be registered." : string.Join(" ", missing.Prepend("Registered.")), data));
    }

    private static string Describe(RegistrationStatus status) => $"{status.ServiceName} is not registered in {status.Registry}: {status.State}.";

    private static void Add(Dictionary<string, object> data, RegistrationStatus status, bool isOneOfSeveral)
    {
        var prefix = isOneOfSeveral ? $"{status.ServiceName}/{status.InstanceId ?? "?"} in {status.Registry}" : $"{status.ServiceName}/{status.InstanceId ?? "?"}";
        data[$"{prefix}:state"] = status.State.ToString();
        data[$"{prefix}:since"] = status.Since.ToString("O", CultureInfo.InvariantCulture);
        data[$"{prefix}:registry"] = status.Registry;
        Add(data, $"{prefix}:lease", status.Lease);
        Add(data, $"{prefix}:lastBeat", status.LastBeat?.ToString("O", CultureInfo.InvariantCulture));
        Add(data, $"{prefix}:lastError", status.LastError);
    }

    private static void Add(Dictionary<string, object> data, string key, string? value)
    {
        if (value is not null)
        {
            data[key] = value;
        }
    }
}
