using Discovery.Consul.Client;
using Discovery.Consul.Watching;
using Discovery.Consul.Wire;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Discovery.Consul;

/// <summary>Consul behind the words: registrations go to one agent, lookups are answered through it.</summary>
internal sealed class ConsulServiceRegistry : IServiceRegistry
{
    private readonly ConsulTransport _transport;
    private readonly ConsulErrors _errors;
    private readonly ConsulClient _client;
    private readonly ConsulCatalog _catalog;
    private readonly RegistrationWriter _writer;
    private readonly OwnershipPacer _ownership;
    private readonly WatchSlots _slots = new();
    private readonly TimeProvider _timeProvider;

    public ConsulServiceRegistry(ConsulOptions options, TimeProvider timeProvider, ILogger logger)
    {
        if (!ConsulAddress.TryParse(options.Address, out var agent))
        {
            throw new ArgumentException("The options have not been validated.", nameof(options));
        }

        Endpoints = [agent];
        Description = $"Consul {agent.GetLeftPart(UriPartial.Authority)}{(options.Datacenter is { } dc ? $" ({dc})" : "")}";
        _errors = new ConsulErrors(Description);
        _timeProvider = timeProvider;
        _transport = new ConsulTransport(new ConsulConnections(agent, options.Tls, timeProvider), new ConsulToken(options), _errors, timeProvider);
        _client = new ConsulClient(_transport, _errors);
        _catalog = new ConsulCatalog(_transport, _errors, options.Datacenter, gzip: !agent.IsLoopback, timeProvider);
        _writer = new RegistrationWriter(options);
        _ownership = new OwnershipPacer(timeProvider);
        Skipped = new SkippedEntries(logger);
    }

    public string Description { get; }

    public IReadOnlyList<Uri> Endpoints { get; }

    /// <summary>What was read from Consul and could not be used.</summary>
    internal SkippedEntries Skipped { get; }

    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        var registration = _writer.Write(instance, ttl);
        var present = await _client.FindCheckAsync(registration, cancellationToken).ConfigureAwait(false);
        if (present is not null)
        {
            await PrepareAsync(registration, present, instance.Health, cancellationToken).ConfigureAwait(false);
        }

        await _client.RegisterAsync(registration, cancellationToken).ConfigureAwait(false);
        if (present is not null && registration.Check.TTL is not null)
        {
            await PushAsync(registration, instance.Health, cancellationToken).ConfigureAwait(false);
        }

        return new ConsulLease(_client, _errors, registration, _ownership);
    }

    public async Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        var request = ConsulClient.FindServiceRequest(serviceName, id);
        using var response = await _client.FindServiceAsync(request, cancellationToken).ConfigureAwait(false);

        // An ID is unique on the agent, whatever the service: what bears it may be somebody else's.
        if (response is not null && string.Equals(
            ConsulClient.Read(_errors, request, response, ConsulJsonContext.Default.AgentService).Service, serviceName, StringComparison.OrdinalIgnoreCase))
        {
            await _client.DeregisterAsync(serviceName, id, cancellationToken).ConfigureAwait(false);
        }
    }

    public IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, CancellationToken cancellationToken) =>
        ServiceName.TryNormalize(serviceName, out var name)
            ? new ConsulWatch(_catalog, _errors, _slots, new ServiceEntries(name, Skipped), _timeProvider).RunAsync(cancellationToken)
            : throw new RegistryException(RegistryErrorKind.Invalid, $"'{serviceName}' is not a service name; allowed are {ServiceName.Allowed}.");

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => _catalog.GetServicesAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }

    // A check that is registered again keeps its state, so the state comes first where it gets worse.
    // One of another kind would go on beside the new one; only removing its service ends it.
    private async Task PrepareAsync(ServiceRegistration registration, AgentCheck present, HealthStatus health, CancellationToken cancellationToken)
    {
        if (!string.Equals(present.Type, registration.Check.Kind, StringComparison.OrdinalIgnoreCase))
        {
            await _client.DeregisterAsync(registration.Name, registration.ID, cancellationToken).ConfigureAwait(false);
        }
        else if (registration.Check.TTL is not null && health != HealthStatus.Healthy)
        {
            await PushAsync(registration, health, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PushAsync(ServiceRegistration registration, HealthStatus health, CancellationToken cancellationToken) =>
        _ = await _client.UpdateCheckAsync(new CheckRequests(registration).For(health, note: null), cancellationToken).ConfigureAwait(false);
}
