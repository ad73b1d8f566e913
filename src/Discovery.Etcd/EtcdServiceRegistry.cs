using Discovery.Etcd.Channels;
using Discovery.Etcd.Layouts;
using Discovery.Etcd.Leases;
using Discovery.Etcd.Watching;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd;

/// <summary>etcd as a registry: an instance is a key under a lease, or one in each of several layouts.</summary>
internal sealed class EtcdServiceRegistry : IServiceRegistry
{
    private readonly EtcdClient _client;
    private readonly Keyspace _keyspace;
    private readonly IReadOnlyList<Keyspace> _written;
    private readonly TimeProvider _time;
    private readonly KeepAliveStream _keepAlives;
    private readonly WatchStream _watches;
    private readonly ProcessRegistrations _registrations;
    private readonly UndecodableValues _undecodable;

    /// <param name="options">Validated.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="connect">What stands for the way to a member and for the member; null for the network.</param>
    public EtcdServiceRegistry(EtcdOptions options, TimeProvider time, ILoggerFactory loggers, Func<Uri, IEtcdChannel>? connect = null)
    {
        _written = Keyspaces.Written(options);
        _keyspace = _written[0];
        Endpoints = [.. options.Endpoints.Select(endpoint => new Uri(endpoint))];
        Description = $"Etcd {string.Join(',', options.Endpoints.Select(endpoint => endpoint.TrimEnd('/')))} {_keyspace}";
        IsAuthenticated = options.Username is { Length: > 0 } || options.Tls.AuthenticatesTo(Endpoints);
        _time = time;
        _client = new EtcdClient(options, time, loggers, connect);
        _keepAlives = new KeepAliveStream(_client, time, loggers.CreateLogger<KeepAliveStream>());
        _watches = new WatchStream(_client, time, loggers.CreateLogger<WatchStream>());
        _registrations = new ProcessRegistrations(new LeasePool(_client, _keepAlives, _watches, time, loggers.CreateLogger<LeasePool>()), _watches);
        _undecodable = new UndecodableValues(loggers.CreateLogger<UndecodableValues>());
    }

    public string Description { get; }

    public IReadOnlyList<Uri> Endpoints { get; }

    public bool IsAuthenticated { get; }

    public long SkippedEntries => _undecodable.Count;

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        if (ttl <= TimeSpan.Zero)
        {
            throw new RegistryException(RegistryErrorKind.Invalid, $"A lease of {ttl} cannot be granted.");
        }

        if (InstanceLimits.Exceeded(instance) is { } excess)
        {
            throw new RegistryException(RegistryErrorKind.Invalid, $"'{instance.Id}' of '{instance.ServiceName}' cannot be registered in etcd: it {excess}.");
        }

        var entry = new InstanceEntry(_client, _written, instance with { ServiceName = ServiceName.Checked(instance.ServiceName), Id = ServiceName.CheckedId(instance.Id) });
        return await EtcdLease.RegisterAsync(entry, ttl, instance.Health, _registrations, cancellationToken).ConfigureAwait(false);
    }

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) =>
        new EntryRemoval(_client, _written, _registrations.WrittenKeys).RemoveAsync(ServiceName.Checked(serviceName), ServiceName.CheckedId(id), cancellationToken);

    public IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken) =>
        new ServiceWatch(_client, _watches, _keyspace, ServiceName.Checked(serviceName), _undecodable, _time).ReadAsync(cancellationToken);

    public async Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken)
    {
        var list = await _client.RangeAsync(_keyspace.ServicesPrefix, keysOnly: true, "list the services", cancellationToken).ConfigureAwait(false);
        var names = list.Kvs.Select(entry => _keyspace.ServiceOf(entry.Key.ToStringUtf8())).OfType<string>();
        return [.. names.Distinct().Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        await _watches.DisposeAsync().ConfigureAwait(false);
        await _keepAlives.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }
}
