using Discovery.EndToEnd.Tests.Registries;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>An HttpClient of Microsoft.Extensions.ServiceDiscovery over our provider, with that package's own settings and no retries, while copies come and go.</summary>
public sealed class ServiceEndpointsRollingRestartTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task RollingRestart_OfWhatThatPackageCalls_FailsNoCall() => RestartAsync("Etcd", samePort: true);

    [Theory]
    [InlineData("Consul", false)]
    [InlineData("Local", true)]
    [Trait("Category", "Slow")]
    public Task RollingRestart_OfWhatThatPackageCalls_FailsNoCall_OnEach(string provider, bool samePort) => RestartAsync(provider, samePort);

    private static async Task RestartAsync(string provider, bool samePort)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: false);
        await using var services = CreateServices(registry);
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        await using var load = new SteadyLoad(http, "/whoami");

        await fleet.ReplaceEachAsync(load, samePort);
    }

    private static ServiceProvider CreateServices(RegistryUnderTest registry)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Development" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>(registry.Environment.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value))
            {
                ["Discovery:Client:CacheDirectory"] = "",
            }).Build());
        services.AddDiscoveryClient();
        services.AddServiceDiscovery().AddDiscoveryServiceEndpointProvider();
        services.AddHttpClient("orders", client => client.BaseAddress = new("http://orders")).AddServiceDiscovery();
        return services.BuildServiceProvider();
    }
}
