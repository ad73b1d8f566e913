using System.Globalization;
using Discovery.Hosting.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Health;

/// <summary>
/// Whether the registries answer, as of the app's own last call to each: at most a beat ago where it is registered. It asks nothing itself, so that probes
/// cost a registry nothing and cannot hang on it.
/// </summary>
/// <remarks>
/// Degraded at worst, and not tagged <c>ready</c>: a registry that is down takes from the app neither its registration nor what it knows of others, and an
/// orchestrator that took apps out of rotation for it would turn the registry's failure into everyone's.
/// </remarks>
internal sealed class RegistryHealthCheck(RegistryContacts contacts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        string? failing = null;
        foreach (var contact in contacts.All)
        {
            var known = contact.Current;
            Add(data, $"{contact.Registry}:lastAnswer", known.LastAnswer);
            Add(data, $"{contact.Registry}:failingSince", known.FailingSince);
            if (known.LastError is { } error)
            {
                data[$"{contact.Registry}:lastError"] = error;
                failing ??= $"{contact.Registry} is of no use: {error}";
            }
        }

        return Task.FromResult(
            failing is not null ? HealthCheckResult.Degraded(failing, data: data)
            : data.Count == 0 ? HealthCheckResult.Healthy("No registry has been asked yet.")
            : HealthCheckResult.Healthy(contacts.All.Count() > 1 ? "The registries answer." : "The registry answers.", data));
    }

    private static void Add(Dictionary<string, object> data, string key, DateTimeOffset? time)
    {
        if (time is not null)
        {
            data[key] = time.Value.ToString("O", CultureInfo.InvariantCulture);
        }
    }
}
