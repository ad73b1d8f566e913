using System.Text.Json.Serialization;

namespace Discovery.Etcd.Layouts;

/// <summary>One instance in a value of <see cref="GoMicroLayout"/>: go-micro's <c>registry.Node</c>.</summary>
internal sealed record GoMicroNode
{
    private const string Protocol = "protocol";
    private const string Transport = "transport";
    private const string Server = "server";
    private const string Broker = "broker";
    private const string Registry = "registry";

    [JsonPropertyName("metadata"), JsonPropertyOrder(0)]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }

    [JsonPropertyName("id"), JsonPropertyOrder(1)]
    public string? Id { get; init; }

    [JsonPropertyName("address"), JsonPropertyOrder(2)]
    public string? Address { get; init; }

    public static GoMicroNode Of(ServiceInstance instance)
    {
        var endpoint = instance.Endpoints[0];
        var protocol = ProtocolOf(endpoint.Scheme);
        var metadata = new Dictionary<string, string?>
        {
            [Protocol] = protocol, // without it go-micro's clients fall back to a codec of old
            [Transport] = protocol,
            [Server] = protocol,
            [Broker] = "http",
            [Registry] = "etcd",
        };
        Labels.Add(metadata, Labels.Scheme, SchemeOf(protocol) == endpoint.Scheme ? null : endpoint.Scheme);
        Labels.Add(metadata, Labels.Zone, instance.Zone);
        Labels.Add(metadata, Labels.Weight, instance.Weight == ServiceInstance.DefaultWeight ? null : Labels.Text(instance.Weight));
        Labels.AddMetadata(metadata, instance);
        return new() { Metadata = metadata, Id = instance.Id, Address = HostPort.Format(endpoint) };
    }

    /// <returns>Why it is no instance that can be used, or null.</returns>
    public string? TryRead(string serviceName, string id, string? version, long createRevision, out ServiceInstance? instance)
    {
        instance = null;
        if (Metadata is { Count: > JsonValue.MaxLabels })
        {
            return "it has more metadata than allowed";
        }

        var scheme = Labels.ReadScheme(Metadata?.GetValueOrDefault(Labels.Scheme), SchemeOf(Metadata?.GetValueOrDefault(Protocol)));
        if (HostPort.Parse(Address, scheme) is not { } endpoint)
        {
            return "its address is not one that callers can use";
        }

        instance = new ServiceInstance
        {
            ServiceName = serviceName,
            Id = id,
            Endpoints = [endpoint],
            Version = version,
            Zone = Metadata?.GetValueOrDefault(Labels.Zone),
            Weight = Labels.ReadWeight(Metadata?.GetValueOrDefault(Labels.Weight)) ?? ServiceInstance.DefaultWeight,
            Metadata = Labels.ReadMetadata(Metadata, Protocol, Transport, Server, Broker, Registry, Labels.Scheme, Labels.Zone, Labels.Weight),
            Incarnation = createRevision,
        };
        return null;
    }

    private static string ProtocolOf(string scheme) => scheme switch
    {
        "grpcs" => "grpc",
        "https" => "http",
        _ => scheme,
    };

    // Of what go-micro has besides, such as mucp, it is known only that it goes over TCP.
    private static string SchemeOf(string? protocol) => Labels.ReadScheme(protocol, "tcp");
}
