namespace Discovery.Testing.Servers;

/// <summary>How a Consul server differs from the plain one.</summary>
public sealed record ConsulServerOptions
{
    /// <summary>Turns access control on with default policy deny; this is the bootstrap (management) token, a GUID.</summary>
    public string? BootstrapToken { get; init; }

    /// <summary>Opens an HTTPS port beside the plain one, which stays open for assertions.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Further configuration in Consul's JSON; it wins over what is set otherwise.</summary>
    public string? Configuration { get; init; }
}
