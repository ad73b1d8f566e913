using Discovery.Hosting.Configuration;
using Discovery.Hosting.Http;
using Discovery.Hosting.LoadBalancing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Lookup;

internal static class LookupServiceCollectionExtensions
{
    /// <summary>Everything a caller needs but the registries. Adding it twice is adding it once.</summary>
    public static IServiceCollection AddLookup(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ServiceDiscovery)))
        {
            return services;
        }

        services.AddOptions();
        services.AddSingleton(new StartupSetting(provider => _ = provider.GetRequiredService<ReloadableOptions<ClientOptions>>().Current));
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddClientOptions();
        services.AddLoadBalancing();
        services.TryAddSingleton<IEndpointProbe, TcpEndpointProbe>();
        services.TryAddSingleton<StaticSource>();
        services.TryAddSingleton<DnsSource>();
        services.TryAddSingleton<DiskCache>();
        services.TryAddSingleton<CacheWriter>();
        services.TryAddSingleton<WatchDependencies>();
        services.TryAddSingleton<WatchTable>();
        services.TryAddSingleton<ServiceNames>();
        services.TryAddSingleton<ServiceHosts>();
        services.TryAddSingleton<TriedInstances>();
        services.TryAddTransient<DiscoveryHandler>();
        services.TryAddSingleton<ServiceDiscovery>();
        services.TryAddSingleton<IServiceDiscovery>(provider => provider.GetRequiredService<ServiceDiscovery>());
        return services;
    }

    private static void AddClientOptions(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<ClientOptions>, ClientOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ClientOptions>, ClientOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClientOptions>, ClientOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOptionsChangeTokenSource<ClientOptions>, ClientOptionsReload>());
        services.TryAddSingleton(typeof(ReloadableOptions<>));
    }

    private static void AddLoadBalancing(this IServiceCollection services)
    {
        services.TryAddSingleton(Chance.Shared);
        services.TryAddSingleton<LoadBalancingPolicies>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, PowerOfTwoChoicesPolicy>(),
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, RoundRobinPolicy>(),
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, RandomPolicy>(),
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, PickFirstPolicy>(),
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, LeastRequestsPolicy>(),
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, WeightedRoundRobinPolicy>(),

            // Policies are known before settings can be validated, so this one reads its own when it picks.
            ServiceDescriptor.Singleton<ILoadBalancingPolicy, ConsistentHashPolicy>(provider => new(
                () => provider.GetRequiredService<ReloadableOptions<ClientOptions>>().Current.ConsistentHash,
                provider.GetRequiredService<Chance>())),
        ]);
    }
}
