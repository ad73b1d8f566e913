using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

internal sealed partial class EtcdEndpoint
{
    [LoggerMessage(3011, LogLevel.Information, "The TLS files for {Endpoint} have changed: it is called on new connections.", EventName = "EtcdTlsReloaded")]
    private partial void LogReloaded(Uri endpoint);

    [LoggerMessage(3012, LogLevel.Warning, "The TLS files for {Endpoint} have changed and cannot be used, so that those read before stay in use: {Reason} Put a certificate and the key that belongs to it in place.", EventName = "EtcdTlsUnusable")]
    private partial void LogUnusable(Uri endpoint, string reason);
}
