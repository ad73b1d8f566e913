using Microsoft.Extensions.Logging;

namespace Discovery.Hosting;

internal sealed partial class ServiceRegistries
{
    [LoggerMessage(EventId = 2, EventName = "ProviderNotSet", Level = LogLevel.Warning,
        Message = "Discovery:Provider is not set: services are registered and found on this machine only (provider Local), in environment {Environment}. "
            + "Set it to Consul or Etcd where services run on several machines, or to Local where this is meant.")]
    private partial void LogProviderNotSet(string environment);

    [LoggerMessage(EventId = 3, EventName = "RegistryExposed", Level = LogLevel.Warning,
        Message = "{Exposure} (Discovery:RequireSecureRegistry makes this an error at start.)")]
    private partial void LogExposed(string exposure);
}
