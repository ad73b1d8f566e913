using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Lookup;

/// <summary>The file format of a remembered instance.</summary>
internal sealed record CachedInstance(
    string Id,
    IReadOnlyList<Uri> Endpoints,
    string? Version,
    string? Zone,
    int Weight,
    IReadOnlyList<string>? Tags,
    IReadOnlyDictionary<string, string>? Metadata,
    HealthStatus Health,
    long Incarnation)
{
    private const int MaxWeight = 1000;

    [JsonIgnore]
    public bool IsUsable =>
        ServiceName.IsInstanceId(Id) && Endpoints is { Count: > 0 } && Endpoints.All(EndpointUri.IsUsable)
        && InstanceLimits.Exceeded(Endpoints.Count, Tags?.Count ?? 0, Metadata?.Count ?? 0) is null && Enum.IsDefined(Health)
        && Tags?.Contains(null!) != true && Metadata?.Values.Contains(null!) != true && Weight is >= 0 and <= MaxWeight;

    public static CachedInstance From(ServiceInstance instance) => new(
        instance.Id, instance.Endpoints, instance.Version, instance.Zone, instance.Weight, instance.Tags, instance.Metadata, instance.Health, instance.Incarnation);

    public ServiceInstance ToInstance(string serviceName) => new()
    {
        ServiceName = serviceName,
        Id = Id,
        Endpoints = Endpoints,
        Version = Version,
        Zone = Zone,
        Weight = Weight,
        Tags = Tags ?? [],
        Metadata = Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal),
        Health = Health,
        Incarnation = Incarnation,
    };
}
