using System.Collections.ObjectModel;

namespace Discovery;

/// <summary>Which instances of a service a caller wants. Everything that is set must match; the default matches all.</summary>
public sealed record InstanceFilter
{
    /// <summary>Tags the instance must carry, every one of them.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>The version it must have, or null for any.</summary>
    public string? Version { get; init; }

    /// <summary>The zone it must be in, or null for any.</summary>
    public string? Zone { get; init; }

    /// <summary>Metadata it must carry with these very values.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the instance is wanted. Compares ordinally.</summary>
    public bool Matches(ServiceInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return (Version is null || Version == instance.Version)
            && (Zone is null || Zone == instance.Zone)
            && Tags.All(instance.Tags.Contains)
            && Metadata.All(pair => instance.Metadata.TryGetValue(pair.Key, out var value) && value == pair.Value);
    }
}
