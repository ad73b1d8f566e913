namespace Discovery.Consul.Peers;

/// <summary>The metadata by which go-micro tells how a node is called.</summary>
internal static class GoMicroProtocol
{
    private const string Protocol = "protocol";

    private static readonly string[] Keys = [Protocol, "transport", "server", "broker", "registry"];

    public static bool IsKey(string key) => Keys.Contains(key);

    /// <summary>What is said of an endpoint of the scheme.</summary>
    public static IEnumerable<(string Key, string Value)> Describe(string scheme)
    {
        var protocol = scheme switch
        {
            "grpcs" => "grpc",
            "https" => "http",
            _ => scheme,
        };
        return [(Protocol, protocol), ("transport", protocol), ("server", protocol), ("broker", "http"), ("registry", "consul")];
    }

    /// <summary>The scheme of a node: of what go-micro has besides gRPC and HTTP it is known only that it goes over TCP. Null where it does not say.</summary>
    public static string? SchemeOf(IReadOnlyDictionary<string, string?> metadata) =>
        metadata.GetValueOrDefault(Protocol) is not { } protocol ? null : EndpointUri.IsScheme(protocol) ? protocol : "tcp";
}
