using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

internal sealed partial class LeaseTable
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1001, LogLevel.Warning, "Skipped {File}: {Reason}")]
    private partial void LogSkipped(string file, string reason);

    [LoggerMessage(1002, LogLevel.Debug, "Could not remove {File}, which nobody holds")]
    private partial void LogNotRemoved(Exception failure, string file);
}
