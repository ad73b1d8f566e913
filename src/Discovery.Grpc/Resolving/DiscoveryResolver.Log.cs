using Microsoft.Extensions.Logging;

namespace Discovery.Grpc.Resolving;

internal sealed partial class DiscoveryResolver
{
    [LoggerMessage(5001, LogLevel.Warning, "A gRPC channel has no instance to call: {Reason} Its calls fail with Unavailable until there is one.", EventName = "AddressesEmpty")]
    private partial void LogEmpty(string reason);

    [LoggerMessage(5002, LogLevel.Error, "A gRPC channel has not taken what is known of {ServiceName}: it is told again at the next change.", EventName = "AddressesNotTaken")]
    private partial void LogNotTaken(Exception exception, string serviceName);
}
