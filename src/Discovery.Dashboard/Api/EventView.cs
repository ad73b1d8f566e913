using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Dashboard.Api;

/// <summary>Something that has happened, see <see cref="DiscoveryEvent"/>.</summary>
internal sealed record EventView(
    long Number,
    DateTimeOffset At,
    string Kind,
    string Service,
    string? InstanceId,
    int Count,
    string? Health,
    string? Source,
    string? Registration,
    string? Ejection,
    string? Registry)
{
    public static EventView Of(DiscoveryEvent what) => new(
        what.Number,
        what.At,
        EnumNames<DiscoveryEventKind>.Of(what.Kind),
        what.ServiceName,
        what.InstanceId,
        what.Count,
        EnumNames<HealthStatus>.Of(what.Health),
        EnumNames<SnapshotSource>.Of(what.Source),
        EnumNames<RegistrationState>.Of(what.Registration),
        EnumNames<EjectionReason>.Of(what.Ejection),
        what.Registry);
}
