using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Health;

internal sealed partial class HealthMonitor
{
    [LoggerMessage(EventId = 50, EventName = "HealthChecksTooSlow", Level = LogLevel.Warning,
        Message = "The app's health checks took longer than {Timeout}, a third of the Ttl: the beat says Unhealthy. "
            + "Make the checks faster, give them time-outs, select fewer by HealthTags, or raise Ttl.")]
    private partial void LogTooSlow(TimeSpan timeout);

    [LoggerMessage(EventId = 51, EventName = "HealthChecksFailed", Level = LogLevel.Error,
        Message = "The app's health checks could not be run: the beat says Unhealthy. Correct what the exception names.")]
    private partial void LogFailed(Exception exception);
}
