using System.Net;
using System.Text.Json;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Dashboard.Tests;

/// <summary>An app on a loopback port that registers as <c>shop</c> in a registry in memory and has a dashboard.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardApp(WebApplication app, InMemoryServiceRegistry registry)
    {
        _app = app;
        Registry = registry;
        Url = new(new Uri(app.Urls.Single()), "/discovery");
        Http = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public InMemoryServiceRegistry Registry { get; }

    public HttpClient Http { get; }

    /// <summary>Where the page is.</summary>
    public Uri Url { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="registry">The registry; a new one where null.</param>
    /// <param name="environment">The hosting environment.</param>
    /// <param name="options">Changes the dashboard's options.</param>
    /// <param name="conventions">What is asked of its endpoints.</param>
    /// <param name="build">Adds to the app's services and settings.</param>
    /// <param name="map">Maps what else the app has.</param>
    /// <param name="port">Where it listens; 0 for any.</param>
    public static async Task<DashboardApp> StartAsync(
        InMemoryServiceRegistry? registry = null,
        string environment = "Development",
        Action<DiscoveryDashboardOptions>? options = null,
        Action<IEndpointConventionBuilder>? conventions = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        int port = 0)
    {
        registry ??= new InMemoryServiceRegistry(TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = environment });
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
            ["Discovery:Registration:ServiceName"] = "shop",
            ["Discovery:Registration:InstanceId"] = "shop-1",
            ["Discovery:Registration:DrainDelay"] = "00:00:00",
        });
        builder.Services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(registry));
        builder.Services.AddRouting().AddServiceRegistration();
        build?.Invoke(builder);
        var app = builder.Build();
        var dashboard = app.MapDiscoveryDashboard(configure: options);
        conventions?.Invoke(dashboard);
        map?.Invoke(app);
        await app.StartAsync(Cancellation);
        return new(app, registry);
    }

    /// <summary>Registers an instance that stays.</summary>
    public Task<IServiceLease> RegisterAsync(ServiceInstance instance) => Registry.RegisterAsync(instance, TimeSpan.FromHours(1), Cancellation);

    public static ServiceInstance Instance(string service, string id, int port = 8080) =>
        new() { ServiceName = service, Id = id, Endpoints = [new Uri($"http://10.0.0.1:{port}")] };

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return answer.StatusCode;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation));
        return document.RootElement.Clone();
    }

    public Task StopAsync() => _app.StopAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(Cancellation);
        await _app.DisposeAsync();
    }
}
