using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Configuration;

internal sealed partial class IgnoredSettingWarnings
{
    [LoggerMessage(EventId = 4, EventName = "SettingIgnored", Level = LogLevel.Warning, Message = "{Setting} is set and has no effect: {Reason}")]
    private partial void LogIgnored(string setting, string reason);
}
