using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Configuration;

internal sealed partial class ReloadableOptions<T>
{
    [LoggerMessage(EventId = 1, EventName = "InvalidReload", Level = LogLevel.Error,
        Message = "{Failure} The settings from before stay in force; correct the value.")]
    private partial void LogInvalidReload(string failure);
}
