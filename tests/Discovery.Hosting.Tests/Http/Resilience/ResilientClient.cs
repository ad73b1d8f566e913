using Discovery.Hosting.Http.Resilience;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Http.Resilience;

/// <summary>A client with <c>AddDiscovery()</c> over a scripted registry, a scripted network and a clock that stands still.</summary>
internal sealed class ResilientClient : IAsyncDisposable
{
    public ResilientClient(
        Action<DiscoveryResilienceOptions>? configure = null, string policy = "RoundRobin", Action<IServiceCollection>? configureServices = null, params string[] instances)
    {
        Host = new(
            settings: [new("Discovery:Client:LoadBalancing", policy)],
            configure: services =>
            {
                configureServices?.Invoke(services);
                services.AddHttpClient("orders")
                    .ConfigurePrimaryHttpMessageHandler(() => Network)
                    .AddDiscovery(options =>
                    {
                        options.RetryDelay = TimeSpan.Zero;
                        configure?.Invoke(options);
                    });
            });
        Host.Registry.List("orders", [.. instances.Select(id => Instances.Create(id))]);
    }

    public LookupHost Host { get; }

    public ScriptedTransport Network { get; } = new();

    public HttpClient Http => Host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
