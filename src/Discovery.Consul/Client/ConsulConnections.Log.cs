using Microsoft.Extensions.Logging;

namespace Discovery.Consul.Client;

internal sealed partial class ConsulConnections
{
    [LoggerMessage(2101, LogLevel.Information, "The TLS files for Consul have changed: new connections use the new ones.")]
    private partial void LogReloaded();

    [LoggerMessage(2102, LogLevel.Warning, "The TLS files for Consul have changed and cannot be used, so that those read before stay in use: {Reason}")]
    private partial void LogUnusable(string reason);
}
