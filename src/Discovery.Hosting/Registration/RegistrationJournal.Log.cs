using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Registration;

internal sealed partial class RegistrationJournal
{
    [LoggerMessage(EventId = 100, EventName = "Registered", Level = LogLevel.Information,
        Message = "{Service} {InstanceId} is registered in {Registry} at {Endpoints}, {Health} ({Lease}).")]
    private partial void LogRegistered(string service, string instanceId, string registry, IReadOnlyList<Uri> endpoints, HealthStatus health, string lease);

    [LoggerMessage(EventId = 101, EventName = "HealthChanged", Level = LogLevel.Information,
        Message = "{Service} {InstanceId} is now announced as {Health}: {Note}.")]
    private partial void LogHealthChanged(string service, string? instanceId, HealthStatus health, string note);

    [LoggerMessage(EventId = 102, EventName = "RegistryUnavailable", Level = LogLevel.Warning,
        Message = "{Service} is not registered in {Registry}: {Reason} It is tried again, with growing delays up to a third of the Ttl, for as long as the app runs. {Advice}")]
    private partial void LogUnavailable(string service, string registry, string reason, string advice);

    [LoggerMessage(EventId = 103, EventName = "RegistrationSuspect", Level = LogLevel.Warning,
        Message = "{Service} {InstanceId}: {Registry} does not answer keep-alives: {Reason} It is tried again for as long as the app runs; "
            + "the registration ends if the registry hears nothing for one Ttl, and is then made anew.")]
    private partial void LogSuspect(string service, string? instanceId, string registry, string reason);

    [LoggerMessage(EventId = 104, EventName = "RegistryRecovered", Level = LogLevel.Information,
        Message = "{Service} {InstanceId}: {Registry} answers keep-alives again; the registration has stood.")]
    private partial void LogRecovered(string service, string? instanceId, string registry);

    [LoggerMessage(EventId = 105, EventName = "RegistrationForgotten", Level = LogLevel.Warning,
        Message = "{Service} {InstanceId} is no longer known to {Registry} (it expired, was removed, or the registry lost its data): it is registered anew.")]
    private partial void LogForgotten(string service, string? instanceId, string registry);

    [LoggerMessage(EventId = 106, EventName = "RegistrationSuperseded", Level = LogLevel.Error,
        Message = "{Service} {InstanceId} has been registered in {Registry} by another living copy, which now has the ID. If this copy still runs after {Ttl}, "
            + "it registers under an ID of its own. Give each copy its own InstanceId, or leave it unset.")]
    private partial void LogSuperseded(string service, string? instanceId, string registry, TimeSpan ttl);

    [LoggerMessage(EventId = 107, EventName = "RegistrationRefused", Level = LogLevel.Error,
        Message = "{Service} cannot be registered in {Registry}: {Reason} Correct the setting or the permission; until then it is tried again for as long as the app runs.")]
    private partial void LogRefused(string service, string registry, string reason);

    [LoggerMessage(EventId = 108, EventName = "Revoked", Level = LogLevel.Information,
        Message = "{Service} {InstanceId} has been taken out of {Registry}.")]
    private partial void LogRevoked(string service, string? instanceId, string registry);

    [LoggerMessage(EventId = 109, EventName = "RevokeFailed", Level = LogLevel.Warning,
        Message = "{Service} {InstanceId} could not be taken out of {Registry}: {Reason} If it stands there, it ends with its Ttl of {Ttl}. Nothing need be done, unless callers must not wait that long: then remove it there.")]
    private partial void LogNotRevoked(string service, string? instanceId, string registry, TimeSpan ttl, string reason);

    [LoggerMessage(EventId = 111, EventName = "Withdrawn", Level = LogLevel.Information,
        Message = "{Service} {InstanceId} is not in {Registry}, which had not answered whether it was registered there.")]
    private partial void LogWithdrawn(string service, string? instanceId, string registry);

    [LoggerMessage(EventId = 112, EventName = "WithdrawFailed", Level = LogLevel.Warning,
        Message = "{Service} {InstanceId} may stand in {Registry}, which has not answered whether it was registered there, nor removed it. If it stands there, it ends with its Ttl of {Ttl}: {Reason} "
            + "Nothing need be done, unless callers must not wait that long: then remove it there.")]
    private partial void LogNotWithdrawn(string service, string? instanceId, string registry, TimeSpan ttl, string reason);

    [LoggerMessage(EventId = 119, EventName = "RegistrationLoopFailed", Level = LogLevel.Critical,
        Message = "The registration of {Service} in {Registry} has met an error of its own making and starts over. Please report it with the exception.")]
    private partial void LogBroken(Exception exception, string service, string registry);
}
