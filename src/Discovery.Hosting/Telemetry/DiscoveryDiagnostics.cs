using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Telemetry;

/// <param name="lookup">What the process watches.</param>
/// <param name="contacts">Which registries it has called.</param>
/// <param name="journal">What has happened.</param>
/// <param name="provider">Has a registrar only where the app registers itself.</param>
internal sealed class DiscoveryDiagnostics(ServiceDiscovery lookup, RegistryContacts contacts, DiscoveryJournal journal, IServiceProvider provider) : IDiscoveryDiagnostics
{
    public IReadOnlyList<RegistrationStatus> GetRegistrations() => provider.GetService<ServiceRegistrar>()?.Status ?? [];

    public IReadOnlyList<ServiceSnapshot> GetWatchedServices() => lookup.GetWatchedServices();

    public IReadOnlyList<ServiceStatus> GetServices() => lookup.GetServiceStatus();

    public IReadOnlyList<InstanceStatus> GetInstances(string serviceName) => lookup.GetInstanceStatus(serviceName);

    public IReadOnlyList<InstanceCounts> GetInstanceHistory(string serviceName) => lookup.GetInstanceHistory(serviceName);

    public IReadOnlyList<RegistryStatus> GetRegistries() => [.. contacts.All.Select(contact => contact.Status)];

    public IReadOnlyList<DiscoveryEvent> GetEvents(long after = 0) => journal.After(after);
}
