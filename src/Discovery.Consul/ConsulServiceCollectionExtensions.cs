using Discovery;
using Discovery.Consul;
using Discovery.Consul.Configuration;
using Discovery.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Consul to the registries that <c>Discovery:Provider</c> can name.</summary>
public static class ConsulServiceCollectionExtensions
{
    /// <summary>
    /// Adds the provider <c>Consul</c>, configured by the section <c>Discovery:Consul</c> (see <see cref="ConsulOptions"/>).
    /// Adding it again changes nothing. Its settings are validated when the registry is created, so only where it is in use.
    /// </summary>
    /// <param name="services">Where to add it; an <c>IConfiguration</c> must be there by the time it is used.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddConsulServiceRegistry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ConsulOptions>, ConsulOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ConsulOptions>, ConsulEnvironment>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConsulOptions>, ConsulOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceRegistryFactory, ConsulServiceRegistryFactory>());
        services.AddKnownSettings<ConsulOptions>(ConsulOptions.SectionName);
        services.AddKnownSettings<TlsOptions>($"{ConsulOptions.SectionName}:{nameof(ConsulOptions.Tls)}");
        return services;
    }
}
