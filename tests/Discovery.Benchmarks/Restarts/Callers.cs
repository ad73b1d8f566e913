using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.Benchmarks.Restarts;

/// <summary>The clients under measurement, all of one process, looking at one registry.</summary>
internal sealed class Callers : IAsyncDisposable
{
    public const string Handler = "AddDiscoveryHandler (no retries)";
    public const string Pipeline = "AddDiscovery";
    public const string Peer = "Microsoft.Extensions.ServiceDiscovery, Consul watch";

    private readonly List<ServiceProvider> _providers = [];
    private readonly ConsulWatch? _watch;

    public Callers(Registry registry)
    {
        var ours = Create(services =>
        {
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([.. registry.Settings, new("Discovery:Client:CacheDirectory", "")]).Build());
            services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Development });
            services.AddDiscoveryClient();
            services.AddHttpClient(Handler).AddDiscoveryHandler();
            services.AddHttpClient(Pipeline).AddDiscovery();
        });
        View = ours.GetRequiredService<IServiceDiscovery>().GetView("orders");
        Clients = new() { [Handler] = ClientOf(ours, Handler), [Pipeline] = ClientOf(ours, Pipeline) };
        if (registry.Consul is { } consul)
        {
            _watch = new ConsulWatch(consul, "orders");
            Clients[Peer] = ClientOf(Create(services =>
            {
                services.AddServiceDiscoveryCore().AddSingleton<IServiceEndpointProviderFactory>(_watch);
                services.AddHttpClient(Peer).AddServiceDiscovery();
            }), Peer);
        }
    }

    /// <summary>What our clients know of the service.</summary>
    public IServiceView View { get; }

    /// <summary>By name.</summary>
    public Dictionary<string, HttpClient> Clients { get; }

    public async ValueTask DisposeAsync()
    {
        View.Dispose();
        foreach (var client in Clients.Values)
        {
            client.Dispose();
        }

        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await (_watch?.StopAsync() ?? Task.CompletedTask);
    }

    private static HttpClient ClientOf(ServiceProvider provider, string name)
    {
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
        client.Timeout = TimeSpan.FromSeconds(10);
        return client;
    }

    private ServiceProvider Create(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        configure(services);
        _providers.Add(services.BuildServiceProvider());
        return _providers[^1];
    }
}
