using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Discovery.ServiceEndpoints.Tests;

/// <summary>
/// YARP through Microsoft.Extensions.ServiceDiscovery, in the two ways that package has for it: its resolver for the destinations, and its handler for what is
/// forwarded. The package that joins the two with YARP is stood in for by what it consists of.
/// </summary>
public sealed class YarpTests() : TwoServers<AnsweringServer>(AnsweringServer.StartAsync)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_ThroughYarp_FollowTheRegistryAndOutliveIt(bool byResolver)
    {
        var registry = new InMemoryServiceRegistry(TimeProvider.System);
        await registry.RegisterAsync(A.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        await using var app = await StartAsync(registry, services => _ = byResolver
            ? services.AddSingleton<IDestinationResolver, ByResolver>()
            : services.AddSingleton<IForwarderHttpClientFactory, ByHandler>());
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        Assert.Equal("a GET /x", await http.GetStringAsync(new Uri("/x", UriKind.Relative), Cancellation));

        await registry.RegisterAsync(B.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        await AnswersAsync(http, "a", "b");
        await registry.DeregisterAsync("orders", "a", Cancellation);
        await AnswersAsync(http, "b");

        registry.Faults.FailingWith = RegistryErrorKind.Unavailable;
        await AnswersAsync(http, "b");
        await app.StopAsync(Cancellation);
    }

    private static Task AnswersAsync(HttpClient http, params string[] ids) => Eventually.HoldsAsync(
        async () =>
        {
            var answers = new HashSet<string>();
            for (var i = 0; i < 8; i++)
            {
                answers.Add((await http.GetStringAsync(new Uri("/x", UriKind.Relative), Cancellation))[..1]);
            }

            return answers.SetEquals(ids);
        },
        cancellationToken: Cancellation);

    private static async Task<WebApplication> StartAsync(InMemoryServiceRegistry registry, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
            ["ReverseProxy:Routes:orders:ClusterId"] = "orders",
            ["ReverseProxy:Routes:orders:Match:Path"] = "{**rest}",
            ["ReverseProxy:Clusters:orders:LoadBalancingPolicy"] = "RoundRobin",
            ["ReverseProxy:Clusters:orders:Destinations:all:Address"] = "http://orders/",
        });
        builder.Services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(registry));
        builder.Services.AddRouting().AddDiscoveryClient();
        builder.Services.AddServiceDiscovery().AddDiscoveryServiceEndpointProvider();
        builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
        configure(builder.Services);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync(Cancellation);
        return app;
    }

    private sealed class ByResolver(ServiceEndpointResolver resolver) : IDestinationResolver
    {
        public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
            IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
        {
            var (key, config) = Assert.Single(destinations);
            var found = await resolver.GetEndpointsAsync(config.Address.TrimEnd('/'), cancellationToken);
            return new(found.Endpoints.ToDictionary(endpoint => $"{key}[{endpoint}]", endpoint => config with { Address = endpoint.ToString()! }), found.ChangeToken);
        }
    }

    private sealed class ByHandler(IServiceDiscoveryHttpMessageHandlerFactory handlers) : ForwarderHttpClientFactory
    {
        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) => handlers.CreateHandler(base.WrapHandler(context, handler));
    }
}
