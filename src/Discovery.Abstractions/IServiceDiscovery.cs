namespace Discovery;

/// <summary>Finds the instances of services. All callers in a process share one watch per service, and answers come from memory.</summary>
/// <remarks>
/// No member throws because a registry is down: the last good set, the disk, static configuration and DNS stand in, and
/// <see cref="ServiceSnapshot.Source"/> and <see cref="ServiceSnapshot.Age"/> say so. Service names are compared without regard to case.
/// </remarks>
public interface IServiceDiscovery
{
    /// <summary>The instances callers should use: the healthy and degraded ones, or, where there are none, all (panic).</summary>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="cancellationToken">Cancels this caller's waiting only; the shared watch goes on.</param>
    /// <returns>
    /// Completed at once when the service is already watched; only the first caller waits, at most <c>Discovery:Client:FirstAnswerTimeout</c>.
    /// </returns>
    /// <exception cref="ArgumentException">The name is not a service name.</exception>
    ValueTask<ServiceSnapshot> GetInstancesAsync(string serviceName, CancellationToken cancellationToken = default);

    /// <summary>The current snapshot at once, then each newer one. A slow reader gets the latest and misses those in between.</summary>
    /// <returns>A sequence that ends by cancellation only.</returns>
    /// <exception cref="ArgumentException">The name is not a service name.</exception>
    IAsyncEnumerable<ServiceSnapshot> WatchAsync(string serviceName, CancellationToken cancellationToken = default);

    /// <summary>Picks the instance for one call by the service's load-balancing policy.</summary>
    /// <param name="serviceName">The name of the service.</param>
    /// <param name="request">What the call needs of the instance.</param>
    /// <param name="cancellationToken">Cancels this caller's waiting for the first answer.</param>
    /// <exception cref="NoInstanceAvailableException">There is no instance that would do.</exception>
    /// <exception cref="ArgumentException">The name is not a service name.</exception>
    ValueTask<ServicePick> PickAsync(string serviceName, PickRequest request = default, CancellationToken cancellationToken = default);

    /// <summary>A view of one service to hold on the hot path. Its watch is kept until the view is disposed.</summary>
    /// <exception cref="ArgumentException">The name is not a service name.</exception>
    IServiceView GetView(string serviceName);

    /// <summary>The names of all services in the registries, in ordinal order; what was last known when a registry is down.</summary>
    Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken = default);
}
