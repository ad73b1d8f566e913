using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.ServiceEndpoints.Tests;

/// <summary>Microsoft.Extensions.ServiceDiscovery as an app has it, over a registry in memory.</summary>
internal sealed class EndpointsHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public EndpointsHost(Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Test" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
        }).AddInMemoryCollection(settings).Build());
        services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(Registry));
        services.AddDiscoveryClient();
        services.AddServiceDiscovery().AddDiscoveryServiceEndpointProvider();
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public InMemoryServiceRegistry Registry { get; } = new(TimeProvider.System);

    public IServiceProvider Services => _services;

    public ServiceEndpointResolver Resolver => _services.GetRequiredService<ServiceEndpointResolver>();

    public Task RegisterAsync(string service, string id, params string[] endpoints) => Registry.RegisterAsync(
        new() { ServiceName = service, Id = id, Endpoints = [.. endpoints.Select(endpoint => new Uri(endpoint))] }, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

    /// <summary>The endpoints that the package finds, as text.</summary>
    public async Task<string[]> ResolveAsync(string query) =>
        [.. (await Resolver.GetEndpointsAsync(query, TestContext.Current.CancellationToken)).Endpoints.Select(endpoint => endpoint.ToString()!).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
