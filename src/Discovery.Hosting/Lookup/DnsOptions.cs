namespace Discovery.Hosting.Lookup;

/// <summary>Section <c>Discovery:Client:Dns</c>: the domain name system as the last resort, where no registry has ever named an instance.</summary>
public sealed class DnsOptions
{
    /// <summary>Whether to ask it. The default is false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Name servers as <c>address</c> or <c>address:port</c>, IPv6 with a port as <c>[address]:port</c>. Empty is those of the system.</summary>
    public IList<string> Servers { get; } = [];

    /// <summary>The domain that services are looked up in, such as <c>service.consul</c>: labels of at most 63 letters, digits, '-' and '_'. Null where the service's name is complete.</summary>
    public string? Suffix { get; set; }

    /// <summary>What SRV queries put before the service's name, such as <c>_http._tcp</c>: labels of at most 63 letters, digits, '-' and '_'. Null for nothing.</summary>
    public string? SrvPrefix { get; set; }

    /// <summary>The scheme of the endpoints: <c>http</c> or <c>https</c>. The default is http.</summary>
    public string Scheme { get; set; } = "http";

    /// <summary>The port where there are addresses only and no SRV record, 1 to 65535; null for that of the scheme.</summary>
    public int? Port { get; set; }
}
