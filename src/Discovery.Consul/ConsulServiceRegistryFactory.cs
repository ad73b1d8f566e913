using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Consul;

/// <summary>Creates the registry behind <c>"Provider": "Consul"</c>.</summary>
internal sealed class ConsulServiceRegistryFactory(
    IOptions<ConsulOptions> options, TimeProvider timeProvider, ILogger<ConsulServiceRegistry> logger) : IServiceRegistryFactory
{
    public string Name => "Consul";

    public IServiceRegistry Create() => new ConsulServiceRegistry(options.Value, timeProvider, logger);
}
