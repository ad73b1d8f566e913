namespace Discovery;

/// <summary>What this process knows of its own registrations and of the services it watches, for dashboards and support.</summary>
/// <remarks>Reading it starts no watch and asks no registry.</remarks>
public interface IDiscoveryDiagnostics
{
    /// <summary>The state of each wanted registration in each registry.</summary>
    IReadOnlyList<RegistrationStatus> GetRegistrations();

    /// <summary>The services that are watched now, in ordinal order, with what is known of each.</summary>
    IReadOnlyList<ServiceSnapshot> GetWatchedServices();

    /// <summary>The same services in the same order, in a few numbers each: what that costs does not grow with the number of instances.</summary>
    IReadOnlyList<ServiceStatus> GetServices();

    /// <summary>
    /// Every instance known of one service in the order of their IDs, unhealthy and ejected ones included, with what this process has learned by calling it.
    /// </summary>
    /// <param name="serviceName">The name of the service, compared without regard to case.</param>
    /// <returns>Empty where the service is not watched.</returns>
    IReadOnlyList<InstanceStatus> GetInstances(string serviceName);

    /// <summary>How many instances a service has had lately, the oldest first: one element for each change, at most one a second and the last 240.</summary>
    /// <param name="serviceName">The name of the service, compared without regard to case.</param>
    /// <returns>Empty where the service is not watched.</returns>
    IReadOnlyList<InstanceCounts> GetInstanceHistory(string serviceName);

    /// <summary>The registries that this process has called, in ordinal order.</summary>
    IReadOnlyList<RegistryStatus> GetRegistries();

    /// <summary>What has happened lately, the oldest first: the last 500 events at most.</summary>
    /// <param name="after">The <see cref="DiscoveryEvent.Number"/> of the last event that is known already.</param>
    IReadOnlyList<DiscoveryEvent> GetEvents(long after = 0);
}
