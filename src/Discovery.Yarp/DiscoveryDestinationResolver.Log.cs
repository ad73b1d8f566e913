using Microsoft.Extensions.Logging;

namespace Discovery.Yarp;

internal sealed partial class DiscoveryDestinationResolver
{
    [LoggerMessage(4001, LogLevel.Warning, "{ServiceName} has no instance (source: {Source}): requests to it are answered with 503 until there is one.", EventName = "DestinationsEmpty")]
    private partial void LogEmpty(string serviceName, SnapshotSource source);

    [LoggerMessage(4002, LogLevel.Warning, "Of {Count} instances of {ServiceName} none has an endpoint of the scheme {Scheme}, which its destination asks for: requests to it are answered with 503 until one has.", EventName = "DestinationsOfAnotherScheme")]
    private partial void LogOtherScheme(int count, string serviceName, string scheme);
}
