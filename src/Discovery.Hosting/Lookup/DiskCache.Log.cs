using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

internal sealed partial class DiskCache
{
    [LoggerMessage(EventId = 220, EventName = "CacheFileIgnored", Level = LogLevel.Warning,
        Message = "The remembered instances in {Path} are ignored: {Reason}. Nothing need be done: the file is replaced.")]
    private partial void LogIgnored(string path, string reason);

    [LoggerMessage(EventId = 221, EventName = "CacheTurnedOff", Level = LogLevel.Warning,
        Message = "What is known of services is not remembered over a restart, because {Directory} cannot be used: {Reason}. It is tried again for as long as the app runs. See Discovery:Client:CacheDirectory.")]
    private partial void LogTurnedOff(string directory, string reason);

    [LoggerMessage(EventId = 222, EventName = "CacheTurnedOn", Level = LogLevel.Information,
        Message = "{Directory} can be used again: what is known of services is remembered over a restart.")]
    private partial void LogTurnedOn(string directory);
}
