using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

internal sealed partial class ServiceNames
{
    [LoggerMessage(EventId = 210, EventName = "ServicesNotListed", Level = LogLevel.Warning,
        Message = "{Registry} does not list its services; the names last known stay in use: {Reason} {Advice}")]
    private partial void LogNotListed(Exception? exception, string registry, string reason, string advice);
}
