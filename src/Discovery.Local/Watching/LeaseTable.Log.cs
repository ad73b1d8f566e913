using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

internal sealed partial class LeaseTable
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventId = 1001, EventName = "LeaseFileSkipped", Level = LogLevel.Warning,
        Message = "{File} in the folder of the embedded registry is skipped: {Reason}. Remove it if no app of yours has written it.")]
    private partial void LogSkipped(string file, string reason);

    [LoggerMessage(1002, LogLevel.Debug, "Could not remove {File}, which nobody holds", EventName = "LeaseFileNotRemoved")]
    private partial void LogNotRemoved(Exception failure, string file);
}
