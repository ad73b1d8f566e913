using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

internal sealed partial class KeepAliveStream
{
    [LoggerMessage(3101, LogLevel.Debug, "Leases are kept alive through {Endpoint} from now on.")]
    private partial void LogOpened(Uri endpoint);

    [LoggerMessage(3102, LogLevel.Warning, "The keep-alive stream to {Endpoint} is broken: {Reason}")]
    private partial void LogBroken(Uri endpoint, string reason);
}
