using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

internal sealed partial class LeaseScanner
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1003, LogLevel.Warning, "The system no longer notifies of changes in the embedded registry's folder: it is looked at each second only")]
    private partial void LogNotifierLost(Exception failure);
}
