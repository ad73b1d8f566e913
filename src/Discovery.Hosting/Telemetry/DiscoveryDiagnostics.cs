using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Telemetry;

/// <param name="lookup">What the process watches.</param>
/// <param name="provider">Has a registrar only where the app registers itself.</param>
internal sealed class DiscoveryDiagnostics(ServiceDiscovery lookup, IServiceProvider provider) : IDiscoveryDiagnostics
{
    public IReadOnlyList<RegistrationStatus> GetRegistrations() => provider.GetService<ServiceRegistrar>()?.Status ?? [];

    public IReadOnlyList<ServiceSnapshot> GetWatchedServices() => lookup.GetWatchedServices();

    public IReadOnlyList<InstanceStatus> GetInstances(string serviceName) => lookup.GetInstanceStatus(serviceName);
}
