using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Local.Leases;

/// <summary>What stands in a lease's file: the instance as other registries hold it, and the lease's own members.</summary>
/// <remarks>No member has a default here: the generated serializer sets what a file lacks to null or zero.</remarks>
internal sealed record LeaseValue
{
    /// <summary>Moves with each keep-alive. Never serialized with the rest: it stands in front, with a fixed width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Counter { get; init; }

    public required long Incarnation { get; init; }

    public required TimeSpan Ttl { get; init; }

    /// <summary>For people: who holds the file.</summary>
    public int Pid { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Version { get; init; }

    public required IReadOnlyList<string> Endpoints { get; init; }

    public string? Zone { get; init; }

    public int? Weight { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public HealthStatus? Health { get; init; }
}
