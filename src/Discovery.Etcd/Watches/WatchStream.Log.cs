using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watches;

internal sealed partial class WatchStream
{
    [LoggerMessage(3201, LogLevel.Warning, "The watch stream to {Endpoint} is broken: {Status} ({Detail}).")]
    private partial void LogBroken(Uri endpoint, StatusCode status, string detail);
}
