using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watches;

internal sealed partial class WatchStream
{
    [LoggerMessage(3201, LogLevel.Warning, "The watch stream to {Endpoint} is broken: {Status} ({Detail}).")]
    private partial void LogBroken(Uri endpoint, StatusCode status, string detail);

    [LoggerMessage(3202, LogLevel.Debug, "etcd refuses a watch for the token that the stream was opened with: opening it with another.")]
    private partial void LogTokenRefused();
}
