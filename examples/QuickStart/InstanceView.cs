using Discovery;

namespace QuickStart;

/// <summary>An instance as this example shows it.</summary>
internal sealed record InstanceView(
    string Id,
    string ServiceName,
    IEnumerable<string> Endpoints,
    string? Version,
    string? Zone,
    int Weight,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, string> Metadata,
    string Health)
{
    public static InstanceView[] Of(ServiceSnapshot snapshot) => [.. snapshot.Instances.Select(instance => new InstanceView(
        instance.Id,
        instance.ServiceName,
        instance.Endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority)),
        instance.Version,
        instance.Zone,
        instance.Weight,
        instance.Tags,
        instance.Metadata,
        instance.Health.ToString().ToLowerInvariant()))];
}
