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
    private const int MaxEndpoints = 32;
    private const int MaxLabels = 256;
    private const int MaxWeight = 1000;

    [JsonIgnore]
    public bool IsUsable =>
        ServiceName.IsInstanceId(Id) && Endpoints is { Count: > 0 and <= MaxEndpoints } && Endpoints.All(EndpointUri.IsUsable)
        && Tags is null or { Count: <= MaxLabels } && Metadata is null or { Count: <= MaxLabels } && Enum.IsDefined(Health)
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
