using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing;

/// <summary>A registry in memory whose leases end by the given clock, for tests of what is built on registries.</summary>
/// <remarks>Two of them on one <see cref="InMemoryRegistryStore"/> are two processes' views of one registry, each with faults of its own.</remarks>
public sealed class InMemoryServiceRegistry : IServiceRegistry
{
    private readonly Lock _gate = new();
    private readonly List<InMemoryWatch> _watches = [];

    /// <summary>Creates a registry with a store of its own.</summary>
    /// <param name="time">The clock that leases end by.</param>
    public InMemoryServiceRegistry(TimeProvider time)
        : this(new InMemoryRegistryStore(time))
    {
    }

    /// <summary>Creates another view of a store.</summary>
    public InMemoryServiceRegistry(InMemoryRegistryStore store)
    {
        Store = store;
        Faults = new RegistryFaults(BreakWatches);
    }

    /// <summary>What is registered.</summary>
    public InMemoryRegistryStore Store { get; }

    /// <summary>What goes wrong.</summary>
    public RegistryFaults Faults { get; }

    /// <summary>What was asked.</summary>
    public RegistryJournal Journal { get; } = new();

    /// <inheritdoc/>
    public string Description { get; init; } = "InMemory";

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Endpoints { get; init; } = [];

    /// <inheritdoc/>
    public async Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        _ = (ServiceName.Checked(instance.ServiceName), ServiceName.CheckedId(instance.Id));
        Note(RegistryOperations.Register, instance.ServiceName, instance.Id, instance.Health, instance);
        await Faults.BeforeAsync(RegistryOperations.Register, cancellationToken);
        var lease = new InMemoryLease(this, instance, Store.Register(instance, ttl));
        Faults.AfterChange(RegistryOperations.Register);
        return lease;
    }

    /// <inheritdoc/>
    public async Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken)
    {
        _ = (ServiceName.Checked(serviceName), ServiceName.CheckedId(id));
        Note(RegistryOperations.Deregister, serviceName, id);
        await Faults.BeforeAsync(RegistryOperations.Deregister, cancellationToken);
        Store.Remove(serviceName, id, lease: null);
        Faults.AfterChange(RegistryOperations.Deregister);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ = ServiceName.Checked(serviceName);
        Note(RegistryOperations.Watch, serviceName);
        var watch = new InMemoryWatch(serviceName);
        lock (_gate)
        {
            _watches.Add(watch); // before the faults are looked at: one that sets in now breaks this watch too
        }

        try
        {
            await Faults.BeforeAsync(RegistryOperations.Watch, cancellationToken);
            Store.Start(watch);
            await foreach (var change in watch.ReadAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            Store.End(watch);
            lock (_gate)
            {
                _watches.Remove(watch);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken)
    {
        Note(RegistryOperations.GetServices, "");
        await Faults.BeforeAsync(RegistryOperations.GetServices, cancellationToken);
        return Store.GetServices();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        BreakWatches(RegistryErrorKind.Unavailable);
        return ValueTask.CompletedTask;
    }

    internal void Note(
        RegistryOperations operation, string serviceName, string? id = null, HealthStatus? health = null, ServiceInstance? instance = null) =>
        Journal.Add(new RegistryCall(operation, Store.Time.GetUtcNow(), serviceName, id, health, instance));

    private void BreakWatches(RegistryErrorKind kind)
    {
        lock (_gate)
        {
            foreach (var watch in _watches)
            {
                watch.Break(RegistryFaults.Failure(kind, RegistryOperations.Watch));
            }
        }
    }
}
