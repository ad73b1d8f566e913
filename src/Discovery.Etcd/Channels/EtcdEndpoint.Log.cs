using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

internal sealed partial class EtcdEndpoint
{
    [LoggerMessage(3011, LogLevel.Information, "The TLS files for {Endpoint} have changed: it is called on new connections.", EventName = "EtcdTlsReloaded")]
    private partial void LogReloaded(Uri endpoint);

    [LoggerMessage(3012, LogLevel.Warning, "The TLS files for {Endpoint} have changed and cannot be used, so that those read before stay in use: {Reason} Put a certificate and the key that belongs to it in place.", EventName = "EtcdTlsUnusable")]
    private partial void LogUnusable(Uri endpoint, string reason);

    [LoggerMessage(3014, LogLevel.Warning, "The client certificate for {Endpoint} is valid until {Expiry:u} only, and no new one is in its place. Write one, with its key, into the files that Discovery:Etcd:Tls names: they are read within 5 s.", EventName = "EtcdCertificateExpires")]
    private partial void LogExpiring(Uri endpoint, DateTime expiry);
}
