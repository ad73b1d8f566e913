using Microsoft.Extensions.Logging;

namespace Discovery.Consul.Watching;

internal sealed partial class SkippedEntries
{
    [LoggerMessage(2001, LogLevel.Warning, "Instance '{Id}' of service '{ServiceName}' in Consul is skipped: {Fault}. Correct or deregister it there.", EventName = "ConsulEntrySkipped")]
    private static partial void LogSkipped(ILogger logger, string id, string serviceName, string fault);
}
