namespace Discovery.Consul.Peers;

/// <summary>Other frameworks that a registration can be written for as well. The names are what <c>Discovery:Consul:Compatibility</c> allows.</summary>
[Flags]
internal enum ConsulPeers
{
    None = 0,

    /// <summary>Whole URLs as addresses, and the version as a tag.</summary>
    Kratos = 1,

    /// <summary>Version and metadata as encoded tags.</summary>
    GoMicro = 2,

    /// <summary>Labels as tags <c>key:value</c>; hertz reads the same.</summary>
    Kitex = 4,

    /// <summary>Spring Cloud: https and the weight in the metadata.</summary>
    Spring = 8,
}
