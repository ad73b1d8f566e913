using System.Globalization;

namespace Discovery;

/// <summary>How much an instance may say of itself. Nothing beyond it is announced, nor believed of a registry, a file or a cache.</summary>
/// <remarks>What is longer than 64 KB as it stands in a registry is not read at all; see <see cref="EndpointUri.MaxLength"/> for one endpoint.</remarks>
public static class InstanceLimits
{
    /// <summary>The most endpoints of an instance.</summary>
    public const int MaxEndpoints = 32;

    /// <summary>The most tags of an instance.</summary>
    public const int MaxTags = 256;

    /// <summary>The most entries in the metadata of an instance. Consul takes no more than 64, the version and the zone included.</summary>
    public const int MaxMetadata = 256;

    /// <summary>The most instances of one service that are read from a registry; an answer with more is refused as a whole.</summary>
    public const int MaxInstances = 200_000;

    /// <summary>What an instance has too much of, as the end of a sentence that begins with "it"; null where it is within the limits.</summary>
    public static string? Exceeded(ServiceInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return Exceeded(instance.Endpoints.Count, instance.Tags.Count, instance.Metadata.Count);
    }

    /// <summary>The same, of what is not an instance yet.</summary>
    public static string? Exceeded(int endpoints, int tags, int metadata) =>
        TooMany(endpoints, MaxEndpoints, "endpoints") ?? TooMany(tags, MaxTags, "tags") ?? TooMany(metadata, MaxMetadata, "entries of metadata");

    private static string? TooMany(int count, int allowed, string what) =>
        count <= allowed ? null : string.Create(CultureInfo.InvariantCulture, $"has {count} {what}, and {allowed} are allowed");
}
