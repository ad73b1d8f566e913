using System.Runtime.CompilerServices;

namespace Discovery.Hosting.Lookup;

/// <summary>Lookups from memory, over one watch per service.</summary>
internal sealed class ServiceDiscovery(WatchTable watches, ServiceNames names) : IServiceDiscovery
{
    public ValueTask<ServiceSnapshot> GetInstancesAsync(string serviceName, CancellationToken cancellationToken = default)
    {
        var watch = watches.GetOrAdd(serviceName);
        return watch.IsReady ? new(watch.Current.Snapshot) : WaitForInstancesAsync(serviceName, cancellationToken);
    }

    public IAsyncEnumerable<ServiceSnapshot> WatchAsync(string serviceName, CancellationToken cancellationToken = default) =>
        FollowAsync(ServiceName.Normalize(serviceName), cancellationToken);

    public ValueTask<ServicePick> PickAsync(string serviceName, PickRequest request = default, CancellationToken cancellationToken = default)
    {
        var watch = watches.GetOrAdd(serviceName);
        return watch.IsReady ? new(Pick(watch, request)) : WaitForPickAsync(serviceName, request, cancellationToken);
    }

    public IServiceView GetView(string serviceName) => new ServiceView(watches.Hold(serviceName));

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken = default) => names.GetAsync(cancellationToken);

    /// <summary>What is known of the services that are watched now, in ordinal order.</summary>
    public IReadOnlyList<ServiceSnapshot> GetWatchedServices() =>
        [.. watches.Watches.OrderBy(watch => watch.ServiceName, StringComparer.Ordinal).Select(watch => watch.Current.Snapshot)];

    /// <summary>The same in a few numbers each.</summary>
    public IReadOnlyList<ServiceStatus> GetServiceStatus() =>
        [.. watches.Watches.OrderBy(watch => watch.ServiceName, StringComparer.Ordinal).Select(watch => watch.Status)];

    /// <summary>How many instances a service has had lately, if it is watched now.</summary>
    public IReadOnlyList<InstanceCounts> GetInstanceHistory(string serviceName) => Find(serviceName)?.History ?? [];

    /// <summary>What is known of the instances of a service, if it is watched now.</summary>
    public IReadOnlyList<InstanceStatus> GetInstanceStatus(string serviceName) => Find(serviceName)?.GetInstances() ?? [];

    // Looking on is no use: it must not keep a watch alive.
    private ServiceWatch? Find(string serviceName) =>
        ServiceName.TryNormalize(serviceName, out var name) ? watches.Watches.FirstOrDefault(watch => watch.ServiceName == name) : null;

    private async ValueTask<ServiceSnapshot> WaitForInstancesAsync(string serviceName, CancellationToken cancellationToken)
    {
        using var held = new WatchHold(watches, serviceName);
        await held.Watch.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        return held.Watch.Current.Snapshot;
    }

    private async ValueTask<ServicePick> WaitForPickAsync(string serviceName, PickRequest request, CancellationToken cancellationToken)
    {
        using var held = new WatchHold(watches, serviceName);
        await held.Watch.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Pick(held.Watch, request);
    }

    private static ServicePick Pick(ServiceWatch watch, in PickRequest request) =>
        watch.Pick(request) is { IsFound: true } picked ? picked.ToPick() : throw watch.NoInstanceFor(request);

    // A reader that is slow finds the latest state when it comes back; what lay in between is nowhere kept.
    private async IAsyncEnumerable<ServiceSnapshot> FollowAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var held = new WatchHold(watches, serviceName);
        await held.Watch.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        ServiceSnapshot? last = null;
        while (true)
        {
            var state = held.Watch.Current;
            if (state.Snapshot != last)
            {
                yield return last = state.Snapshot;
            }

            await state.Superseded.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
