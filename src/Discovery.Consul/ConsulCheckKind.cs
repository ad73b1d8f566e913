namespace Discovery.Consul;

/// <summary>Who checks an instance, and how. The names are what <c>Discovery:Consul:Check</c> allows.</summary>
internal enum ConsulCheckKind
{
    Ttl,
    Http,
    Tcp,
    Grpc,
}
