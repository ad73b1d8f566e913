using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Testing.Conformance;

/// <summary>What the conformance suites share: registries that are disposed of after each test, instances, waiting.</summary>
public abstract class RegistryConformanceBase : IAsyncLifetime
{
    private readonly List<IServiceRegistry> _registries = [];

    /// <summary>How soon a change is seen by others, at the latest. Generous: it bounds how long a test that fails takes.</summary>
    protected virtual TimeSpan PromptBound => TimeSpan.FromSeconds(20);

    /// <summary>The Ttl of leases that are not to expire during a test.</summary>
    protected virtual TimeSpan LongTtl => TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether a registration outlives the registry object that made it until its Ttl is over. False where the registry notices at
    /// once that an owner is gone, as Local does by its lock.
    /// </summary>
    protected virtual bool OutlivesItsOwner => true;

    /// <summary>Whether IDs that differ by case only are two. False for Consul, whose catalog folds case.</summary>
    protected virtual bool DistinguishesIdsByCase => true;

    /// <summary>Cancelled when the test run is.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var registry in _registries)
        {
            await registry.DisposeAsync();
        }

        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates the registry under test. Each call is another process's view of the same place: no state is shared between two.</summary>
    protected abstract ValueTask<IServiceRegistry> CreateRegistryAsync();

    /// <summary>Called after each test, when its registries have been disposed of.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>Creates a registry that is disposed of after the test, for the second time where the test has done so itself.</summary>
    protected async Task<IServiceRegistry> OpenAsync()
    {
        var registry = await CreateRegistryAsync();
        _registries.Add(registry);
        return registry;
    }

    /// <summary>A service name that no other test uses.</summary>
    protected static string NewServiceName() => $"t{Guid.NewGuid():N}"[..16];

    /// <summary>A plain instance.</summary>
    protected static ServiceInstance NewInstance(string serviceName, string id = "one", HealthStatus health = HealthStatus.Healthy) => new()
    {
        ServiceName = serviceName,
        Id = id,
        Endpoints = [new Uri("http://127.0.0.1:8080")],
        Health = health,
    };

    /// <summary>Registers a plain instance for long.</summary>
    protected Task<IServiceLease> RegisterAsync(
        IServiceRegistry registry, string serviceName, string id = "one", HealthStatus health = HealthStatus.Healthy) =>
        registry.RegisterAsync(NewInstance(serviceName, id, health), LongTtl, Cancel);

    /// <summary>Watches from a registry of its own, as another process would, and waits for the first change.</summary>
    protected async Task<WatchRecorder> WatchAsync(string serviceName) =>
        await WatchRecorder.StartedAsync(await OpenAsync(), serviceName, Cancel);

    /// <summary>What a watch that starts now reports first.</summary>
    protected async Task<IReadOnlyList<ServiceInstance>> ListAsync(string serviceName)
    {
        await using var watch = await WatchAsync(serviceName);
        return watch.Changes[0].Upserts;
    }

    /// <summary>Keeps the lease alive until the registry says what is expected of it.</summary>
    /// <returns>All that it said.</returns>
    protected async Task<IReadOnlyList<LeaseStatus>> KeepAliveUntilAsync(
        IServiceLease lease, LeaseStatus expected, HealthStatus health = HealthStatus.Healthy)
    {
        var said = new List<LeaseStatus>();
        await Eventually.IsAsync(
            async () =>
            {
                said.Add(await lease.KeepAliveAsync(health, null, Cancel));
                return said[^1];
            },
            status => status == expected,
            PromptBound, Cancel, $"status is {expected}");
        return said;
    }

    /// <summary>The watch sees exactly one instance, which is as expected.</summary>
    protected Task UntilOnlyAsync(WatchRecorder watch, Func<ServiceInstance, bool> expected) =>
        watch.UntilAsync(instances => instances.Count == 1 && expected(instances[0]), PromptBound);
}
