using Microsoft.Extensions.Logging;

namespace Discovery.Hosting.Registration;

internal sealed partial class ConfiguredTarget
{
    [LoggerMessage(EventId = 110, EventName = "LoopbackAdvertised", Level = LogLevel.Warning,
        Message = "The address for {Registry} is {Endpoint}: only callers on this machine can reach it. "
            + "Where others should, bind the server to an address they can reach (such as http://*:8080) or set {Section}:Address.")]
    private partial void LogLoopback(Uri endpoint, string registry, string section);
}
