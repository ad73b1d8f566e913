using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

internal sealed partial class KeepAliveStream
{
    [LoggerMessage(3101, LogLevel.Debug, "Leases are kept alive through {Endpoint} from now on.", EventName = "KeepAliveStreamOpened")]
    private partial void LogOpened(Uri endpoint);

    [LoggerMessage(EventId = 3102, EventName = "KeepAliveStreamBroken", Level = LogLevel.Warning,
        Message = "The keep-alive stream to {Endpoint} is broken, and another is opened: {Reason} Look at that member if this comes often.")]
    private partial void LogBroken(Uri endpoint, string reason);
}
