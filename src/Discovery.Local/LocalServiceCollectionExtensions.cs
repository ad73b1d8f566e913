using Discovery;
using Discovery.Local;
using Discovery.Local.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the embedded registry.</summary>
public static class LocalServiceCollectionExtensions
{
    /// <summary>
    /// Makes the registry <c>Local</c> known, with the settings in <c>Discovery:Local</c>. They are bound and validated only when it is used.
    /// </summary>
    public static IServiceCollection AddLocalServiceRegistry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<LocalOptions>().BindConfiguration(LocalOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<LocalOptions>, LocalOptionsDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LocalOptions>, LocalOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceRegistryFactory, LocalServiceRegistryFactory>());
        services.AddKnownSettings<LocalOptions>(LocalOptions.SectionName);
        return services;
    }
}
