using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Wire;

/// <summary>Consul's words for an instance's health: passing, warning, critical.</summary>
internal static class ConsulHealth
{
    public static string Status(HealthStatus health) => health switch
    {
        HealthStatus.Healthy => "passing",
        HealthStatus.Degraded => "warning",
        _ => "critical",
    };

    /// <summary>The health that a check's status says. What is not known is nothing to send traffic to.</summary>
    public static HealthStatus Read(ReadOnlySpan<byte> status) =>
        status.SequenceEqual("passing"u8) ? HealthStatus.Healthy
        : status.SequenceEqual("warning"u8) ? HealthStatus.Degraded
        : HealthStatus.Unhealthy;

    public static HealthStatus Worse(HealthStatus one, HealthStatus other) => one < other ? one : other;
}
