using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Dashboard.Api;

/// <summary>A registration of this app, see <see cref="RegistrationStatus"/>.</summary>
internal sealed record RegistrationView(
    string Service,
    string? InstanceId,
    string Registry,
    string State,
    DateTimeOffset Since,
    string? Lease,
    DateTimeOffset? LastBeat,
    DateTimeOffset? NextBeat,
    string? LastHealth,
    string? LastError,
    int Reregistrations)
{
    public static RegistrationView Of(RegistrationStatus status) => new(
        status.ServiceName,
        status.InstanceId,
        status.Registry,
        EnumNames<RegistrationState>.Of(status.State),
        status.Since,
        status.Lease,
        status.LastBeat,
        status.NextBeat,
        EnumNames<HealthStatus>.Of(status.LastHealth),
        status.LastError,
        status.Reregistrations);
}
