using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Layouts;

/// <summary>The value of the default layout. Its members are a contract with every reader, their order included.</summary>
/// <remarks>They can be set so that the generated reader sets them: what can only be given at once it gathers first, in memory that each change would cost.</remarks>
internal sealed record DefaultValue
{
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public string? Id { get; set; }

    [JsonPropertyName("name"), JsonPropertyOrder(1)]
    public string? Name { get; set; }

    [JsonPropertyName("version"), JsonPropertyOrder(2)]
    public string? Version { get; set; }

    [JsonPropertyName("endpoints"), JsonPropertyOrder(3)]
    public IReadOnlyList<string?>? Endpoints { get; set; }

    [JsonPropertyName("zone"), JsonPropertyOrder(4)]
    public string? Zone { get; set; }

    [JsonPropertyName("weight"), JsonPropertyOrder(5)]
    public int Weight { get; set; } = ServiceInstance.DefaultWeight;

    [JsonPropertyName("tags"), JsonPropertyOrder(6)]
    public IReadOnlyList<string?>? Tags { get; set; }

    [JsonPropertyName("metadata"), JsonPropertyOrder(7)]
    public IReadOnlyDictionary<string, string?>? Metadata { get; set; }

    [JsonPropertyName("health"), JsonPropertyOrder(8)]
    public string? Health { get; set; }

    public static DefaultValue Of(ServiceInstance instance) => new()
    {
        Id = instance.Id,
        Name = instance.ServiceName,
        Version = instance.Version,
        Endpoints = [.. instance.Endpoints.Select(EndpointText.Format)],
        Zone = instance.Zone,
        Weight = instance.Weight,
        Tags = instance.Tags,
        Metadata = instance.Metadata!, // no value of ours is null; one that was read may be
        Health = instance.Health switch
        {
            HealthStatus.Healthy => "healthy",
            HealthStatus.Degraded => "degraded",
            _ => "unhealthy",
        },
    };

    /// <summary>Makes an instance of it. The key says which one it is, whatever the value says of that.</summary>
    /// <returns>Why it is none that can be used, or null.</returns>
    public string? TryRead(string serviceName, string id, long createRevision, out ServiceInstance? instance)
    {
        instance = null;
        if (Endpoints is null)
        {
            return "it names no endpoint";
        }

        if (InstanceLimits.Exceeded(Endpoints.Count, Tags?.Count ?? 0, Metadata?.Count ?? 0) is { } excess)
        {
            return $"it {excess}";
        }

        var endpoints = new List<Uri>(Endpoints.Count);
        for (var i = 0; i < Endpoints.Count; i++)
        {
            if (EndpointUri.Parse(Endpoints[i]) is { } endpoint)
            {
                endpoints.Add(endpoint);
            }
        }

        if (endpoints.Count == 0)
        {
            return "none of its endpoints is a URL that callers can use";
        }

        instance = new ServiceInstance
        {
            ServiceName = serviceName,
            Id = id,
            Endpoints = endpoints,
            Version = Version,
            Zone = Zone,
            Weight = Math.Clamp(Weight, 0, 1000),
            Tags = Tags is { Count: > 0 } ? [.. Tags.OfType<string>()] : [],
            Metadata = Metadata is { Count: > 0 } ? Metadata.ToDictionary(pair => pair.Key, pair => pair.Value ?? "") : ReadOnlyDictionary<string, string>.Empty,
            Health = ReadHealth(Health),
            Incarnation = createRevision,
        };
        return null;
    }

    // Who says nothing of its health is there to serve; who says something that is not known here had better be spared.
    private static HealthStatus ReadHealth(string? health) => health?.ToLowerInvariant() switch
    {
        null or "healthy" => HealthStatus.Healthy,
        "degraded" => HealthStatus.Degraded,
        _ => HealthStatus.Unhealthy,
    };
}
