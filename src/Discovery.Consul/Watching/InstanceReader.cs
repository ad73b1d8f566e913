using System.Globalization;
using System.Text.Json;
using Discovery.Consul.Peers;
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

        var said = new PeerReading(service);
        var endpoints = EndpointReader.Read(service, nodeAddress, said.Scheme);
        if (endpoints.Count == 0)
        {
            return (null, "it has no usable endpoint");
        }

        return (new ServiceInstance
        {
            ServiceName = serviceName,
            Id = AgentServiceId.InstanceId(serviceName, id),
            Endpoints = endpoints,
            Version = said.Version,
            Zone = said.Zone,
            Weight = ReadWeight(service),
            Tags = said.Tags,
            Metadata = said.ReadMetadata(),
            Health = entry.Health,
            Incarnation = entry.CreateIndex,
        }, null);
    }

    // Consul shows those who said nothing of a weight with 1 and 1. kratos and Spring Cloud say theirs in the metadata.
    private static int ReadWeight(CatalogService service) =>
        ReadWeight(service.Meta?.GetValueOrDefault(MetaKeys.Weight))
        ?? (service.Weights is { Passing: > 0 } weights && weights != new ServiceWeights(1, 1) ? Math.Min(weights.Passing, MaxWeight) : (int?)null)
        ?? ReadWeight(service.Meta?.GetValueOrDefault("weight"))
        ?? ServiceInstance.DefaultWeight;

    private static int? ReadWeight(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? Math.Min(written, MaxWeight) : null;
}
