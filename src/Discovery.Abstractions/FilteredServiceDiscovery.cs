using System.Runtime.CompilerServices;

namespace Discovery;

/// <summary>Lookups narrowed to the instances a caller wants. They share the service's one watch with everyone else.</summary>
public static class FilteredServiceDiscovery
{
    /// <summary>The snapshot with the wanted instances only; its source, age and version are those of the whole.</summary>
    public static ServiceSnapshot Where(this ServiceSnapshot snapshot, InstanceFilter filter)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(filter);
        return snapshot.With([.. snapshot.Instances.Where(filter.Matches)]);
    }

    /// <inheritdoc cref="IServiceDiscovery.GetInstancesAsync"/>
    /// <param name="discovery">Where to look.</param>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="filter">Which of its instances are wanted.</param>
    /// <param name="cancellationToken">Cancels this caller's waiting only; the shared watch goes on.</param>
    public static async ValueTask<ServiceSnapshot> GetInstancesAsync(
        this IServiceDiscovery discovery, string serviceName, InstanceFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(discovery);
        return (await discovery.GetInstancesAsync(serviceName, cancellationToken).ConfigureAwait(false)).Where(filter);
    }

    /// <summary>The wanted instances at once, then each time that they or their source have changed.</summary>
    /// <param name="discovery">Where to look.</param>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="filter">Which of its instances are wanted.</param>
    /// <param name="cancellationToken">Ends the sequence.</param>
    /// <returns>A sequence that ends by cancellation only.</returns>
    public static async IAsyncEnumerable<ServiceSnapshot> WatchAsync(
        this IServiceDiscovery discovery, string serviceName, InstanceFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(discovery);
        ServiceSnapshot? last = null;
        await foreach (var snapshot in discovery.WatchAsync(serviceName, cancellationToken).ConfigureAwait(false))
        {
            var wanted = snapshot.Where(filter);
            if (last is null || last.Source != wanted.Source || !last.Instances.SequenceEqual(wanted.Instances))
            {
                last = wanted;
                yield return wanted;
            }
        }
    }
}
