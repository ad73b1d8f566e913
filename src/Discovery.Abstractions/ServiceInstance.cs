using System.Collections.ObjectModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery;

/// <summary>One running copy of a service, as it stands in a registry.</summary>
/// <remarks>
/// Two instances are equal when all they say is equal, lists and metadata included: a watcher that sees an equal
/// instance again has seen nothing new. <see cref="Tags"/> and <see cref="Endpoints"/> are compared in order.
/// </remarks>
public sealed record ServiceInstance
{
    /// <summary>The weight of an instance that says nothing of it.</summary>
    public const int DefaultWeight = 100;

    /// <summary>The name callers look the service up by, in lower case.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Unique among the instances of the service. Stable over a restart, so that no stale twin is left behind.</summary>
    public required string Id { get; init; }

    /// <summary>Where the instance answers: absolute URIs, the preferred one first.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>The version of the software that runs, or null where it says none.</summary>
    public string? Version { get; init; }

    /// <summary>The failure domain it runs in (a zone, a rack, a site), or null where it says none.</summary>
    public string? Zone { get; init; }

    /// <summary>Its share of the load relative to its siblings: 0 (none, while others live) to 1000. The default is 100.</summary>
    public int Weight { get; init; } = DefaultWeight;

    /// <summary>Labels without a value.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Labels with a value.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What the instance last said of itself.</summary>
    public HealthStatus Health { get; init; } = HealthStatus.Healthy;

    /// <summary>
    /// Changes when the copy is registered anew (etcd's create revision, Consul's create index); 0 where unknown.
    /// What a caller has learned of an instance (its failures, its latency) does not outlive it.
    /// </summary>
    public long Incarnation { get; init; }

    /// <inheritdoc/>
    public bool Equals(ServiceInstance? other) =>
        ReferenceEquals(this, other) || (other is not null
            && Incarnation == other.Incarnation
            && Health == other.Health
            && Weight == other.Weight
            && Id == other.Id
            && ServiceName == other.ServiceName
            && Version == other.Version
            && Zone == other.Zone
            && Endpoints.SequenceEqual(other.Endpoints)
            && Tags.SequenceEqual(other.Tags)
            && HaveEqualMetadata(this, other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ServiceName, Id, Incarnation, Health, Weight, Version, Zone);

    // Apart, so that comparing what differs early, or is the same object, allocates nothing.
    private static bool HaveEqualMetadata(ServiceInstance one, ServiceInstance other) =>
        one.Metadata.Count == other.Metadata.Count
        && one.Metadata.All(pair => other.Metadata.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
