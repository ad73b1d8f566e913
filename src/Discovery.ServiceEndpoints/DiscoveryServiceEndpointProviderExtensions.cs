using Discovery.ServiceEndpoints;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets Microsoft.Extensions.ServiceDiscovery find services in the registry.</summary>
public static class DiscoveryServiceEndpointProviderExtensions
{
    /// <summary>
    /// Adds the registry as a source of endpoints to Microsoft.Extensions.ServiceDiscovery, beside those it has: clients, gateways and
    /// watchers built on that package find <c>http://orders</c> in Local, Consul or etcd, and keep the last good set when the registry is down.
    /// </summary>
    /// <remarks>
    /// Needs <c>AddServiceRegistration()</c> or <c>AddDiscoveryClient()</c>. What an earlier provider (configuration) has answered stays; where the registry knows no
    /// instance, later ones (pass-through, that is DNS) are asked. <c>http://_admin.orders</c> is the service <c>orders-admin</c>, as a second
    /// registration of an app is named. Called again it adds nothing.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddDiscoveryServiceEndpointProvider(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddServiceDiscoveryCore();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, DiscoveryServiceEndpointProviderFactory>());
        return services;
    }
}
