using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>The value of <see cref="GoMicroLayout"/>: go-micro's <c>registry.Service</c>, its members in its order, with one node.</summary>
internal sealed record GoMicroValue
{
    // What go-micro says of services that say no version.
    private const string NoVersion = "latest";

    [JsonPropertyName("name"), JsonPropertyOrder(0)]
    public string? Name { get; init; }

    [JsonPropertyName("version"), JsonPropertyOrder(1)]
    public string? Version { get; init; }

    [JsonPropertyName("metadata"), JsonPropertyOrder(2)]
    public JsonElement? Metadata { get; init; }

    /// <summary>The methods that the service has, which nothing here needs to know.</summary>
    [JsonPropertyName("endpoints"), JsonPropertyOrder(3)]
    public IReadOnlyList<JsonElement>? Endpoints { get; init; } = [];

    [JsonPropertyName("nodes"), JsonPropertyOrder(4)]
    public IReadOnlyList<GoMicroNode?>? Nodes { get; init; }

    public static GoMicroValue Of(ServiceInstance instance) =>
        new() { Name = instance.ServiceName, Version = instance.Version ?? NoVersion, Nodes = [GoMicroNode.Of(instance)] };

    /// <summary>Makes an instance of the node that the key names. go-micro writes one to a key, and merges by version what it reads.</summary>
    /// <returns>Why it is none that can be used, or null.</returns>
    public string? TryRead(string serviceName, string id, long createRevision, out ServiceInstance? instance)
    {
        instance = null;
        if (Nodes is { Count: > JsonValue.MaxEndpoints })
        {
            return "it has more nodes than allowed";
        }

        var node = Nodes?.FirstOrDefault(node => node?.Id is { } nodeId && GoMicroLayout.InKey(nodeId) == id) ?? Nodes?.OfType<GoMicroNode>().FirstOrDefault();
        return node is null
            ? "it has no node"
            : node.TryRead(serviceName, id, Version is null or "" or NoVersion ? null : Version, createRevision, out instance);
    }
}
