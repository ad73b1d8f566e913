using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Local;

/// <summary>Creates the registry of the folder that <c>Discovery:Local</c> names.</summary>
internal sealed class LocalServiceRegistryFactory(
    IOptions<LocalOptions> options, TimeProvider time, ILogger<LocalServiceRegistry> logger) : IServiceRegistryFactory
{
    public string Name => "Local";

    public IServiceRegistry Create() => new LocalServiceRegistry(options.Value, time, logger);
}
