using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace QuickStart;

/// <summary>A health check that says what it was last told to say.</summary>
internal sealed class SimulatedHealth : IHealthCheck
{
    private volatile HealthStatus _status = HealthStatus.Healthy;

    public void Set(HealthStatus status) => _status = status;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(new HealthCheckResult(_status, $"Simulated: {_status}."));
}
