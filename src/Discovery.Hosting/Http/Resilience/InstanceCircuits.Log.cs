using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Http.Resilience;

internal sealed partial class InstanceCircuits
{
    [LoggerMessage(140, LogLevel.Warning, "Calls to instance {InstanceId} of {ServiceName} fail too often: none are sent to it for {BreakDuration}. See the log of that instance.", EventName = "CircuitOpened")]
    private partial void LogOpened(string instanceId, string serviceName, TimeSpan breakDuration);

    [LoggerMessage(141, LogLevel.Information, "Instance {InstanceId} of {ServiceName} answers again.", EventName = "CircuitClosed")]
    private partial void LogClosed(string instanceId, string serviceName);
}
