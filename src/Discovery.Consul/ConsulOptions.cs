using Discovery.Configuration;
using Discovery.Security;

namespace Discovery.Consul;

/// <summary>Consul as the registry, in the section <c>Discovery:Consul</c>. Every setting is optional.</summary>
/// <remarks>
/// What is left unset is taken from Consul's own environment variables, read through the configuration:
/// <c>CONSUL_HTTP_ADDR</c>, <c>CONSUL_HTTP_SSL</c>, <c>CONSUL_HTTP_TOKEN_FILE</c>, <c>CONSUL_HTTP_TOKEN</c>, <c>CONSUL_CACERT</c>,
/// <c>CONSUL_CLIENT_CERT</c>, <c>CONSUL_CLIENT_KEY</c> and <c>CONSUL_TLS_SERVER_NAME</c>.
/// </remarks>
public sealed class ConsulOptions
{
    /// <summary>The section that the options are bound to.</summary>
    public const string SectionName = "Discovery:Consul";

    /// <summary>The agent's HTTP API: an http or https URL, or <c>host:port</c>. Default: <c>http://127.0.0.1:8500</c>.</summary>
    public string? Address { get; set; }

    /// <summary>The ACL token, or null for none. Not together with <see cref="TokenFile"/>.</summary>
    public string? Token { get; set; }

    /// <summary>A file that holds the ACL token; it is read again when it has changed.</summary>
    public string? TokenFile { get; set; }

    /// <summary>The datacenter to look services up in, or null for the agent's own. Registrations always go to the agent.</summary>
    public string? Datacenter { get; set; }

    /// <summary>
    /// Who says how an instance fares: <c>Ttl</c> (the app itself, at every keep-alive; the default), or the agent, which asks the
    /// instance's preferred endpoint by <c>Http</c>, <c>Tcp</c> or <c>Grpc</c>.
    /// </summary>
    public string Check { get; set; } = nameof(ConsulCheckKind.Ttl);

    /// <summary>How often the agent asks; 1 s to 1 h. Not for <c>Ttl</c>. Default: 10 s.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the agent waits for an answer; 100 ms to 1 min. Not for <c>Ttl</c>. Default: 5 s.</summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The path that an <c>Http</c> check asks for. Default: <c>/health/ready</c>.</summary>
    public string CheckPath { get; set; } = "/health/ready";

    /// <summary>
    /// After how long in the critical state Consul removes an instance; 1 min to 30 days, or 0 for never. Consul looks every 30 s.
    /// Default: 1 min.
    /// </summary>
    public TimeSpan DeregisterCriticalServiceAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Other frameworks that registrations are written for as well: <c>Kratos</c>, <c>GoMicro</c>, <c>Kitex</c> (and hertz), <c>Spring</c>.
    /// Theirs are read in any case.
    /// </summary>
    public IList<string> Compatibility { get; } = [];

    /// <summary>
    /// The most connections this process has to the agent at a time, 6 to 1000. Default: 24, of which 16 may wait for changes. An agent takes 200
    /// from one address (<c>limits.http_max_conns_per_client</c>), whichever process has them: 8 processes of a host may have all of theirs.
    /// A process that follows fewer services has fewer connections; one that follows more looks at them in turns, and sees a change up to
    /// 5 s later. Over https with HTTP/2 one connection does for all, and nobody waits.
    /// </summary>
    public int MaxConnections { get; set; } = 24;

    /// <summary>TLS towards the agent; used where <see cref="Address"/> is an https URL.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Which settings came from an environment variable, so that a message names what its reader can change.</summary>
    internal Dictionary<string, string> EnvironmentOrigins { get; } = [];

    /// <summary>Names the agent, never a secret.</summary>
    public override string ToString() => $"Consul {SettingFormat.WithoutUser(Address)}";
}
