using Discovery.Consul.Client;
using Discovery.Consul.Leases;
using Discovery.Consul.Watching;
using Microsoft.Extensions.Logging;

namespace Discovery.Consul;

/// <summary>Consul behind the words: registrations go to one agent, lookups are answered through it.</summary>
internal sealed class ConsulServiceRegistry : IServiceRegistry
{
    private readonly ConsulTransport _transport;
    private readonly ConsulErrors _errors;
    private readonly ConsulRegistrar _registrar;
    private readonly ConsulCatalog _catalog;
    private readonly WatchSlots _slots;
    private readonly TimeProvider _timeProvider;

    /// <param name="options">Validated.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="agent">What stands for the way to the agent and the agent itself; null for the network.</param>
    public ConsulServiceRegistry(ConsulOptions options, TimeProvider timeProvider, ILogger logger, HttpMessageHandler? agent = null)
    {
        if (!ConsulAddress.TryParse(options.Address, out var address))
        {
            throw new ArgumentException("The options have not been validated.", nameof(options));
        }

        Endpoints = [address];
        Description = $"Consul {address.GetLeftPart(UriPartial.Authority)}{(options.Datacenter is { } dc ? $" ({dc})" : "")}";
        _slots = new WatchSlots(options.MaxConnections);
        var token = new ConsulToken(options);
        _errors = new ConsulErrors(Description, token);
        _timeProvider = timeProvider;
        _transport = new ConsulTransport(new ConsulConnections(address, options, timeProvider, logger, agent), token, _errors, timeProvider);
        _registrar = new ConsulRegistrar(
            new ConsulClient(_transport, _errors), _errors, new RegistrationWriter(options), new OwnershipPacer(timeProvider));
        _catalog = new ConsulCatalog(_transport, _errors, options.Datacenter, gzip: !address.IsLoopback, timeProvider);
        Skipped = new SkippedEntries(logger);
        IsAuthenticated = options is { Token.Length: > 0 } or { TokenFile.Length: > 0 } || options.Tls.AuthenticatesTo(Endpoints);
    }

    public string Description { get; }

    public IReadOnlyList<Uri> Endpoints { get; }

    public bool IsAuthenticated { get; }

    public long SkippedEntries => Skipped.Count;

    /// <summary>What was read from Consul and could not be used.</summary>
    internal SkippedEntries Skipped { get; }

    public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken) =>
        _registrar.RegisterAsync(instance, ttl, cancellationToken);

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) =>
        _registrar.DeregisterAsync(ServiceName.Checked(serviceName), ServiceName.CheckedId(id), cancellationToken);

    public IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken) =>
        new ConsulWatch(_catalog, _errors, _slots, new ServiceEntries(ServiceName.Checked(serviceName), Skipped), _timeProvider).RunAsync(cancellationToken);

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => _catalog.GetServicesAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }
}
