using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Benchmarks;

/// <summary>The libraries under measurement, each with the same instances of <c>orders</c>, warm.</summary>
internal static class Contestants
{
    public static ServiceProvider Ours(int count, string policy, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Benchmark" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Discovery:Provider", "Fixed"), new("Discovery:Client:CacheDirectory", ""), new("Discovery:Client:LoadBalancing", policy),
        ]).Build());
        services.AddSingleton<IServiceRegistryFactory>(new FixedRegistry(count));
        services.AddDiscoveryClient();
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public static ServiceProvider Microsoft(int count, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            Enumerable.Range(0, count).Select(i => new KeyValuePair<string, string?>($"Services:orders:http:{i}", FixedRegistry.Endpoint(i).Authority))).Build());
        services.AddServiceDiscovery();
        configure?.Invoke(services);
        return services.BuildServiceProvider();
    }
}
