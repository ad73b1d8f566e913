using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Lookup;

internal sealed partial class ServiceWatch
{
    [LoggerMessage(EventId = 200, EventName = "WatchEstablished", Level = LogLevel.Information, Message = "Watching service {Service} in {Registry}.")]
    private partial void LogEstablished(string service, string registry);

    [LoggerMessage(EventId = 201, EventName = "WatchLost", Level = LogLevel.Warning,
        Message = "The watch of service {Service} in {Registry} is lost; what was last known stays in use, and the watch is tried again until it is back: {Reason} {Advice}")]
    private partial void LogLost(Exception? exception, string service, string registry, string reason, string advice);

    [LoggerMessage(EventId = 202, EventName = "SourceChanged", Level = LogLevel.Debug, Message = "Service {Service} is known from {Source}: {Count} instances.")]
    private partial void LogSource(string service, SnapshotSource source, int count);

    [LoggerMessage(EventId = 203, EventName = "InstancesHeld", Level = LogLevel.Warning,
        Message = "Instances of service {Service} are no longer in the registry and nobody saw them leave ({Count}); they are kept until they refuse a connection or Discovery:Client:EmptyHold is over. "
            + "Where they were stopped on purpose, nothing need be done; else look at the registry.")]
    private partial void LogHeld(string service, int count);

    [LoggerMessage(EventId = 204, EventName = "HeldInstanceDropped", Level = LogLevel.Information,
        Message = "Instance {Instance} of service {Service} is gone: {Reason}.")]
    private partial void LogHeldDropped(string service, string instance, string reason);

    [LoggerMessage(EventId = 205, EventName = "DnsFailed", Level = LogLevel.Warning,
        Message = "The domain name system could not be asked for service {Service}: {Reason} Check Discovery:Client:Dns.")]
    private partial void LogDnsFailed(string service, string reason);

    [LoggerMessage(EventId = 206, EventName = "InstanceEjected", Level = LogLevel.Warning,
        Message = "Instance {Instance} of service {Service} is given no calls for at least {Seconds:F1} s: {Reason}. See the log of that instance.")]
    private partial void LogEjected(string service, string instance, double seconds, EjectionReason reason);

    [LoggerMessage(EventId = 207, EventName = "InstanceReadmitted", Level = LogLevel.Information,
        Message = "Instance {Instance} of service {Service} is given calls again, few at first.")]
    private partial void LogReadmitted(string service, string instance);
}
