using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Discovery.Etcd;

internal sealed class EtcdServiceRegistryFactory(IOptions<EtcdOptions> options, TimeProvider time, ILoggerFactory loggers, IMeterFactory meters)
    : IServiceRegistryFactory
{
    public string Name => "Etcd";

    public IServiceRegistry Create() => new EtcdServiceRegistry(options.Value, time, loggers, meters);
}
