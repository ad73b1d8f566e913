using Microsoft.Extensions.Logging;

namespace Discovery.Yarp;

internal sealed partial class DiscoveryDestinationResolver
{
    [LoggerMessage(4001, LogLevel.Warning, "{ServiceName} has no instance with the scheme that its destination asks for (source: {Source}): requests to it are answered with 503 until there is one.", EventName = "DestinationsEmpty")]
    private partial void LogEmpty(string serviceName, SnapshotSource source);
}
