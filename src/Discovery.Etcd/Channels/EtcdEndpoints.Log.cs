using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

internal sealed partial class EtcdEndpoints
{
    [LoggerMessage(3013, LogLevel.Warning, "Discovery:Etcd:Tls is set and has no effect: {Endpoint} is asked in clear text. Begin the endpoints with https:// where etcd speaks TLS.", EventName = "EtcdTlsUnused")]
    private static partial void LogTlsUnused(ILogger logger, Uri endpoint);
}
