using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Registration;

internal sealed partial class ServiceRegistrationService
{
    [LoggerMessage(EventId = 120, EventName = "Draining", Level = LogLevel.Information,
        Message = "Serving for {DrainDelay} more while callers notice.")]
    private partial void LogDraining(TimeSpan drainDelay);

    [LoggerMessage(EventId = 121, EventName = "RegistrationNotEnabled", Level = LogLevel.Information,
        Message = "{Section}:Enabled is false: the app is not registered.")]
    private partial void LogNotEnabled(string section);
}
