namespace Discovery.Testing.Servers;

/// <summary>How an etcd server differs from the plain one.</summary>
public sealed record EtcdServerOptions
{
    /// <summary>Which release.</summary>
    public EtcdVersion Version { get; init; } = EtcdVersion.V35;

    /// <summary>How long simple tokens last, in seconds; etcd's default where null.</summary>
    public int? AuthTokenTtlSeconds { get; init; }

    /// <summary>The size at which the server raises its NOSPACE alarm; etcd's default where null.</summary>
    public long? QuotaBackendBytes { get; init; }

    /// <summary>Serves clients with TLS only.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>The certificate that etcdctl shows, needed where <see cref="Tls"/> requires one; PEM files.</summary>
    public (string CertificatePath, string KeyPath)? EtcdctlCertificate { get; init; }

    /// <summary>Further command-line arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
