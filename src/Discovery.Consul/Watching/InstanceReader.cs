using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using Discovery.Consul.Wire;

namespace Discovery.Consul.Watching;

/// <summary>Reads an instance out of the entry it stands in. What the registry holds is anybody's writing.</summary>
internal static class InstanceReader
{
    private const int MaxWeight = 1000;

    /// <summary>Reads the instance, or says why it cannot be used.</summary>
    public static (ServiceInstance? Instance, string? Fault) Read(in ScannedEntry entry, string serviceName, string nodeAddress)
    {
        CatalogService? service;
        try
        {
            service = JsonSerializer.Deserialize(entry.Service, ConsulJsonContext.Default.CatalogService);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, "it has not the shape of a service");
        }

        if (service?.ID is not { Length: > 0 } id || id.Any(char.IsControl))
        {
            return (null, "its ID is not one");
        }

        if (InstanceLimits.Exceeded(service.TaggedAddresses?.Keys.Count(EndpointTag.IsEndpoint) ?? 0, service.Tags?.Count ?? 0, service.Meta?.Count ?? 0) is { } excess)
        {
            return (null, $"it {excess}");
        }

        var endpoints = EndpointReader.Read(service, nodeAddress);
        if (endpoints.Count == 0)
        {
            return (null, "it has no usable endpoint");
        }

        return (new ServiceInstance
        {
            ServiceName = serviceName,
            Id = AgentServiceId.InstanceId(serviceName, id),
            Endpoints = endpoints,
            Version = service.Meta?.GetValueOrDefault(MetaKeys.Version),
            Zone = service.Meta?.GetValueOrDefault(MetaKeys.Zone),
            Weight = ReadWeight(service),
            Tags = ReadTags(service.Tags),
            Metadata = ReadMetadata(service.Meta),
            Health = entry.Health,
            Incarnation = entry.CreateIndex,
        }, null);
    }

    // Consul shows those who said nothing of a weight with 1 and 1.
    private static int ReadWeight(CatalogService service)
    {
        if (service.Meta?.GetValueOrDefault(MetaKeys.Weight) is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var written))
        {
            return Math.Min(written, MaxWeight);
        }

        return service.Weights is { Passing: > 0 } weights && weights != new ServiceWeights(1, 1)
            ? Math.Min(weights.Passing, MaxWeight)
            : ServiceInstance.DefaultWeight;
    }

    private static IReadOnlyList<string> ReadTags(List<string?>? tags) => tags is { Count: > 0 } ? [.. tags.OfType<string>()] : [];

    private static ReadOnlyDictionary<string, string> ReadMetadata(Dictionary<string, string?>? meta)
    {
        var metadata = new Dictionary<string, string>(meta?.Count ?? 0);
        foreach (var (key, value) in meta ?? [])
        {
            if (value is not null && key is not (MetaKeys.Version or MetaKeys.Zone or MetaKeys.Weight or MetaKeys.EndpointOrder))
            {
                metadata.Add(key, value);
            }
        }

        return metadata.AsReadOnly();
    }
}
