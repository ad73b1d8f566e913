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
    // Asked for once: the app's end is looked at too, when its container no longer gives anything out.
    private readonly ServiceRegistrar? _registrar = provider.GetService<ServiceRegistrar>();

    public IReadOnlyList<RegistrationStatus> GetRegistrations() => _registrar?.Status ?? [];

    public IReadOnlyList<ServiceSnapshot> GetWatchedServices() => lookup.GetWatchedServices();

    public IReadOnlyList<ServiceStatus> GetServices() => lookup.GetServiceStatus();

    public IReadOnlyList<InstanceStatus> GetInstances(string serviceName) => lookup.GetInstanceStatus(serviceName);

    public IReadOnlyList<InstanceCounts> GetInstanceHistory(string serviceName) => lookup.GetInstanceHistory(serviceName);

    public IReadOnlyList<RegistryStatus> GetRegistries() => [.. contacts.All.Select(contact => contact.Status)];

    public IReadOnlyList<DiscoveryEvent> GetEvents(long after = 0) => journal.After(after);
}
