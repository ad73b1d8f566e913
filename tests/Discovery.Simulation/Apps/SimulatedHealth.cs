using Discovery.Simulation.Scheduling;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Simulation.Apps;

/// <summary>The app's own health checks: what they say, and how long they take.</summary>
internal sealed class SimulatedHealth(ProcessClock clock) : HealthCheckService
{
    public HealthStatus Status { get; set; } = HealthStatus.Healthy;

    public TimeSpan Takes { get; set; }

    public override async Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        if (Takes > TimeSpan.Zero)
        {
            await Task.Delay(Takes, clock, cancellationToken);
        }

        var entry = new HealthReportEntry(Status, null, TimeSpan.Zero, null, null);
        return new HealthReport(new Dictionary<string, HealthReportEntry> { ["app"] = entry }, TimeSpan.Zero);
    }
}
