using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>The app's health, as the test says it.</summary>
internal sealed class ScriptedHealth : HealthCheckService
{
    private int _reports;

    public HealthStatus Status { get; set; } = HealthStatus.Healthy;

    public Func<CancellationToken, Task> BeforeReport { get; set; } = _ => Task.CompletedTask;

    public int Reports => _reports;

    public override async Task<HealthReport> CheckHealthAsync(
        Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reports);
        await BeforeReport(cancellationToken);
        var entries = new Dictionary<string, HealthReportEntry>
        {
            ["database"] = new(Status, "password=hunter2", TimeSpan.Zero, null, null, ["db"]),
            ["cache"] = new(HealthStatus.Healthy, null, TimeSpan.Zero, null, null, ["cache"]),
        };
        return new HealthReport(entries, TimeSpan.Zero);
    }
}
