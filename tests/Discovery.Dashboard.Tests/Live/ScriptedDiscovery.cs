using System.Runtime.CompilerServices;

namespace Discovery.Dashboard.Tests.Live;

/// <summary>Services whose counts a test sets, and how often they were looked at.</summary>
internal sealed class ScriptedDiscovery(TimeProvider time) : IDiscoveryDiagnostics, IServiceDiscovery
{
    private int _looks;

    /// <summary>How many services there are.</summary>
    public int Services { get; init; } = 1;

    /// <summary>How many instances each of them has.</summary>
    public int Instances { get; set; }

    /// <summary>What a look fails with; null while none does.</summary>
    public Exception? Failure { get; set; }

    public int Looks => Volatile.Read(ref _looks);

    public IReadOnlyList<ServiceStatus> GetServices()
    {
        Interlocked.Increment(ref _looks);
        if (Failure is { } failure)
        {
            throw failure;
        }

        return [.. Enumerable.Range(0, Services).Select(i => new ServiceStatus
        {
            ServiceName = $"service-{i:000}",
            Source = SnapshotSource.Live,
            Age = TimeSpan.Zero,
            Counts = new(time.GetUtcNow(), Instances, 0, 0, 0, 0, 0),
            Policy = "RoundRobin",
        })];
    }

    public IReadOnlyList<RegistrationStatus> GetRegistrations() => [];

    public IReadOnlyList<ServiceSnapshot> GetWatchedServices() => [];

    public IReadOnlyList<InstanceStatus> GetInstances(string serviceName) => [];

    public IReadOnlyList<InstanceCounts> GetInstanceHistory(string serviceName) => [];

    public IReadOnlyList<RegistryStatus> GetRegistries() => [];

    public IReadOnlyList<DiscoveryEvent> GetEvents(long after = 0) => [];

    public ValueTask<ServiceSnapshot> GetInstancesAsync(string serviceName, CancellationToken cancellationToken = default) =>
        new(new ServiceSnapshot(serviceName, [], SnapshotSource.Live, 1, time, null));

    public async IAsyncEnumerable<ServiceSnapshot> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return await GetInstancesAsync(serviceName, cancellationToken);
    }

    public ValueTask<ServicePick> PickAsync(string serviceName, PickRequest request = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IServiceView GetView(string serviceName) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<string>>([]);
}
