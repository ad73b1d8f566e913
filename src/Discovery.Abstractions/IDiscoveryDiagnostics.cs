namespace Discovery;

/// <summary>What this process knows of its own registrations and of the services it watches, for dashboards and support.</summary>
/// <remarks>Reading it starts no watch and asks no registry.</remarks>
public interface IDiscoveryDiagnostics
{
    /// <summary>The state of each wanted registration in each registry.</summary>
    IReadOnlyList<RegistrationStatus> GetRegistrations();

    /// <summary>The services that are watched now, in ordinal order, with what is known of each.</summary>
    IReadOnlyList<ServiceSnapshot> GetWatchedServices();

    /// <summary>
    /// Every instance known of one service in the order of their IDs, unhealthy and ejected ones included, with what this process has learned by calling it.
    /// </summary>
    /// <param name="serviceName">The name of the service, compared without regard to case.</param>
    /// <returns>Empty where the service is not watched.</returns>
    IReadOnlyList<InstanceStatus> GetInstances(string serviceName);
}
