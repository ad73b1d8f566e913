using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Health;

/// <summary>What the app's health checks say, reduced to what goes with a beat.</summary>
/// <param name="Status">The worst of the selected checks; Healthy where none is selected.</param>
/// <param name="Note">The checks that are not healthy, by name only: their descriptions may hold anything.</param>
internal readonly record struct AppHealth(HealthStatus Status, string? Note)
{
    public static AppHealth Of(HealthReport report, IReadOnlyCollection<string> tags)
    {
        if (report.Status == HealthStatus.Healthy)
        {
            return new AppHealth(HealthStatus.Healthy, null); // the worst of all: the common case, without a look at each
        }

        var status = HealthStatus.Healthy;
        List<string>? failing = null;
        foreach (var (name, entry) in report.Entries)
        {
            if (entry.Status == HealthStatus.Healthy || (tags.Count > 0 && !entry.Tags.Any(tags.Contains)))
            {
                continue;
            }

            status = entry.Status < status ? entry.Status : status;
            (failing ??= []).Add($"{name} is {entry.Status}");
        }

        return new AppHealth(status, failing is null ? null : string.Join(", ", failing));
    }
}
