using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Yarp.Tests;

/// <summary>A YARP gateway on a loopback port that finds its destinations in a registry in memory.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Gateway(WebApplication app, InMemoryServiceRegistry registry)
    {
        _app = app;
        Registry = registry;
        Http = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public InMemoryServiceRegistry Registry { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="policy">The cluster's load-balancing policy.</param>
    /// <param name="address">The address of its one destination.</param>
    /// <param name="settings">More configuration.</param>
    /// <param name="log">Is told what it logs.</param>
    /// <param name="instances">What is registered at first.</param>
    public static async Task<Gateway> StartAsync(
        string policy = "RoundRobin", string address = "http://orders/", IReadOnlyDictionary<string, string?>? settings = null, ListLoggerProvider? log = null, params ServiceInstance[] instances)
    {
        var registry = new InMemoryServiceRegistry(TimeProvider.System);
        foreach (var instance in instances)
        {
            await registry.RegisterAsync(instance, TimeSpan.FromHours(1), Cancellation);
        }

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
            ["ReverseProxy:Routes:orders:ClusterId"] = "orders",
            ["ReverseProxy:Routes:orders:Match:Path"] = "{**rest}",
            ["ReverseProxy:Clusters:orders:LoadBalancingPolicy"] = policy,
            ["ReverseProxy:Clusters:orders:Destinations:all:Address"] = address,
        });
        builder.Configuration.AddInMemoryCollection(settings);
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(registry));
        builder.Services.AddRouting().AddDiscoveryClient();
        builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy")).AddDiscoveryDestinationResolver();
        var app = builder.Build();
        try
        {
            app.MapReverseProxy();
            await app.StartAsync(Cancellation);
            return new(app, registry);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who answers the next so many requests, by name.</summary>
    public async Task<IReadOnlyDictionary<string, int>> AnswersAsync(int requests)
    {
        var answers = new Dictionary<string, int>();
        for (var i = 0; i < requests; i++)
        {
            var answer = await Http.GetStringAsync(new Uri("/x", UriKind.Relative), Cancellation);
            var id = answer.Split(' ')[0];
            answers[id] = answers.GetValueOrDefault(id) + 1;
        }

        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(Cancellation);
        await _app.DisposeAsync();
    }
}
