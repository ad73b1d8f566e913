using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Watching;

internal sealed partial class WatchStream
{
    [LoggerMessage(EventId = 3201, EventName = "WatchStreamBroken", Level = LogLevel.Warning,
        Message = "The watch stream to {Endpoint} is broken, and another is opened: {Status} ({Detail}). Look at that member if this comes often.")]
    private partial void LogBroken(Uri endpoint, StatusCode status, string detail);

    [LoggerMessage(3202, LogLevel.Debug, "etcd refuses a watch for the token that the stream was opened with: opening it with another.", EventName = "WatchTokenRefused")]
    private partial void LogTokenRefused();

    // Each attempt while a member is down: whom it concerns is told once, by the watch that is lost.
    [LoggerMessage(3203, LogLevel.Debug, "No watch stream could be opened to {Endpoint}: {Status} ({Detail}).", EventName = "WatchStreamNotOpened")]
    private partial void LogNotOpened(Uri endpoint, StatusCode status, string detail);

    [LoggerMessage(3204, LogLevel.Warning, "etcd has lost its data, or went back to a backup: its ID or its term is not one that could follow. All that is watched is listed again.", EventName = "WatchHistoryLost")]
    private partial void LogAnotherHistory();
}
