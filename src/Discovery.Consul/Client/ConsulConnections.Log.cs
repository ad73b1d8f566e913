using Microsoft.Extensions.Logging;

namespace Discovery.Consul.Client;

internal sealed partial class ConsulConnections
{
    [LoggerMessage(2101, LogLevel.Information, "The TLS files for Consul have changed: new connections use the new ones.", EventName = "ConsulTlsReloaded")]
    private partial void LogReloaded();

    [LoggerMessage(2102, LogLevel.Warning, "The TLS files for Consul have changed and cannot be used, so that those read before stay in use: {Reason} Put a certificate and the key that belongs to it in place.", EventName = "ConsulTlsUnusable")]
    private partial void LogUnusable(string reason);

    [LoggerMessage(2103, LogLevel.Warning, "Discovery:Consul:Tls (or CONSUL_CACERT and its kin) is set and has no effect: {Agent} is asked in clear text. Begin the address with https:// where Consul speaks TLS.", EventName = "ConsulTlsUnused")]
    private partial void LogUnused(Uri agent);

    [LoggerMessage(2104, LogLevel.Warning, "The client certificate for Consul is valid until {Expiry:u} only, and no new one is in its place. Write one, with its key, into the files that Discovery:Consul:Tls names: they are read within 5 s.", EventName = "ConsulCertificateExpires")]
    private partial void LogExpiring(DateTime expiry);
}
