using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>The value of <see cref="KratosLayout"/>: kratos's <c>registry.ServiceInstance</c>, its members in its order.</summary>
internal sealed record KratosValue
{
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public string? Id { get; init; }

    [JsonPropertyName("name"), JsonPropertyOrder(1)]
    public string? Name { get; init; }

    [JsonPropertyName("version"), JsonPropertyOrder(2)]
    public string? Version { get; init; }

    [JsonPropertyName("metadata"), JsonPropertyOrder(3)]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }

    [JsonPropertyName("endpoints"), JsonPropertyOrder(4)]
    public IReadOnlyList<string?>? Endpoints { get; init; }

    public static KratosValue Of(ServiceInstance instance)
    {
        var metadata = new Dictionary<string, string?> { [Labels.Weight] = Labels.Text(instance.Weight) };
        Labels.Add(metadata, Labels.Zone, instance.Zone);
        Labels.AddMetadata(metadata, instance);
        return new()
        {
            Id = instance.Id,
            Name = instance.ServiceName,
            Version = instance.Version ?? "",
            Metadata = metadata,
            Endpoints = [.. instance.Endpoints.Select(EndpointText.Format)],
        };
    }

    /// <summary>Makes an instance of it, as strict as kratos about the name and no stricter about the rest.</summary>
    /// <returns>Why it is none that can be used, or null.</returns>
    public string? TryRead(string serviceName, string id, long createRevision, out ServiceInstance? instance)
    {
        instance = null;
        if (Name != serviceName)
        {
            return "it is another service's";
        }

        if (Endpoints is not { Count: <= JsonValue.MaxEndpoints } || Metadata is { Count: > JsonValue.MaxLabels })
        {
            return Endpoints is null ? "it names no endpoint" : "it has more endpoints or metadata than allowed";
        }

        List<Uri> endpoints = [.. Endpoints.Select(EndpointUri.Parse).OfType<Uri>()];
        if (endpoints.Count == 0)
        {
            return "none of its endpoints is a URL that callers can use";
        }

        instance = new ServiceInstance
        {
            ServiceName = serviceName,
            Id = id,
            Endpoints = endpoints,
            Version = Version is { Length: > 0 } ? Version : null,
            Zone = Metadata?.GetValueOrDefault(Labels.Zone),
            Weight = Labels.ReadWeight(Metadata?.GetValueOrDefault(Labels.Weight)) ?? ServiceInstance.DefaultWeight,
            Metadata = Labels.ReadMetadata(Metadata, Labels.Zone, Labels.Weight),
            Incarnation = createRevision,
        };
        return null;
    }
}
