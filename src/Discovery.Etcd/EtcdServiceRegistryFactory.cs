using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Etcd;

internal sealed class EtcdServiceRegistryFactory(IOptions<EtcdOptions> options, TimeProvider time, ILoggerFactory loggers) : IServiceRegistryFactory
{
    public string Name => "Etcd";

    public IServiceRegistry Create() => new EtcdServiceRegistry(options.Value, time, loggers);
}
