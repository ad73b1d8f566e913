using Discovery;
using Discovery.Etcd;
using Discovery.Etcd.Configuration;
using Discovery.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes etcd one of the registries that <c>Discovery:Provider</c> can name.</summary>
public static class EtcdServiceCollectionExtensions
{
    /// <summary>Adds the provider <c>Etcd</c> with its options, bound to <c>Discovery:Etcd</c>. Adding it twice adds it once.</summary>
    public static IServiceCollection AddEtcdServiceRegistry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ImplementationType == typeof(EtcdServiceRegistryFactory)))
        {
            return services; // binding a second time would append to the lists
        }

        services.AddOptions<EtcdOptions>().BindConfiguration(EtcdOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<EtcdOptions>, EtcdOptionsDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EtcdOptions>, EtcdOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceRegistryFactory, EtcdServiceRegistryFactory>());
        services.AddKnownSettings<EtcdOptions>(EtcdOptions.SectionName);
        services.AddKnownSettings<TlsOptions>($"{EtcdOptions.SectionName}:{nameof(EtcdOptions.Tls)}");
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        return services;
    }
}
