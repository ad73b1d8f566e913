using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery;

/// <summary>Something that has happened to a watched service or to a registration of this app, as this process has seen it.</summary>
public sealed record DiscoveryEvent
{
    /// <summary>Grows by one with each event of the process. The first is 1.</summary>
    public long Number { get; init; }

    /// <summary>When it was seen.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What has happened.</summary>
    public required DiscoveryEventKind Kind { get; init; }

    /// <summary>The name of the service it has happened to.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The instance it has happened to; null where that is the service, or so many instances that they are only counted.</summary>
    public string? InstanceId { get; init; }

    /// <summary>How many instances it has happened to.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Of <see cref="DiscoveryEventKind.InstanceJoined"/> and <see cref="DiscoveryEventKind.HealthChanged"/> of one instance: its health since then.</summary>
    public HealthStatus? Health { get; init; }

    /// <summary>Of <see cref="DiscoveryEventKind.SourceChanged"/>: where the instances are known from since then.</summary>
    public SnapshotSource? Source { get; init; }

    /// <summary>Of <see cref="DiscoveryEventKind.RegistrationChanged"/>: where the registration stands since then.</summary>
    public RegistrationState? Registration { get; init; }

    /// <summary>Of <see cref="DiscoveryEventKind.InstanceEjected"/>: why.</summary>
    public EjectionReason? Ejection { get; init; }

    /// <summary>Of <see cref="DiscoveryEventKind.RegistrationChanged"/> and <see cref="DiscoveryEventKind.WatchLost"/>: in which registry, as <see cref="IServiceRegistry.Description"/> says it.</summary>
    public string? Registry { get; init; }
}
