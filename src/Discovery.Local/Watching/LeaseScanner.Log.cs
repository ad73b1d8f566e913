using Microsoft.Extensions.Logging;

namespace Discovery.Local.Watching;

internal sealed partial class LeaseScanner
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(EventId = 1003, EventName = "FolderNotificationsLost", Level = LogLevel.Warning,
        Message = "The system no longer notifies of changes in the embedded registry's folder: it is looked at each second only. Where that is too slow, raise the system's limit of such notifications.")]
    private partial void LogNotifierLost(Exception failure);
}
