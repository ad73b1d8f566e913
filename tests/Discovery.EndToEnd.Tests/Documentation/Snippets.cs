using Discovery.Hosting.Http;
using Grpc.Core;
using Grpc.Net.Client;
using GrpcGreeter;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Resources;

namespace Discovery.EndToEnd.Tests.Documentation;

/// <summary>
/// What the READMEs and guides show and no example has, line for line, so that it compiles; nothing here is ever called.
/// <see cref="SnippetTests"/> holds the documents against it.
/// </summary>
internal static class Snippets
{
    internal static void FirstScreen(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddServiceRegistration();

        builder.Services.AddHttpClient<OrdersClient>(
                http => http.BaseAddress = new("http://orders/"))
            .AddDiscovery();

        var app = builder.Build();
        app.MapServiceHealth(); // /health/live, /health/ready
        app.Run();
    }

    internal static void FirstScreenOfThePackage(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddServiceRegistration();                         // in the registry while it can serve
        builder.Services.AddHttpClient<OrdersClient>(
            http => http.BaseAddress = new("http://orders/")).AddDiscovery(); // calls by name, retried elsewhere

        var app = builder.Build();
        app.MapServiceHealth(); // /health/live, /health/ready
        app.Run();
    }

    internal static async Task LookingUpAsync(IServiceDiscovery discovery)
    {
        var orders = await discovery.GetInstancesAsync("orders"); // from memory; only the first caller waits
        Console.WriteLine($"{orders.Instances.Count} instances, {orders.Source}, {orders.Age.TotalSeconds} s old");

        await foreach (var changed in discovery.WatchAsync("orders")) // the current set at once, then each newer one
        {
            Console.WriteLine(string.Join(", ", changed.Instances.Select(instance => instance.Id)));
        }

        var pick = await discovery.PickAsync("orders"); // by the service's load-balancing policy
        Console.WriteLine(pick.Endpoint);
    }

    internal static void Key(HttpRequestMessage request, string customerId)
    {
        request.Options.Set(DiscoveryRequest.Key, customerId); // or a header, named by Client:Services:{name}:KeyHeader
    }

    internal static void Extending(IServiceCollection services)
    {
        services.AddSingleton<IServiceRegistryFactory, MyRegistryFactory>(); // then "Discovery": { "Provider": "My" }
        services.AddSingleton<ILoadBalancingPolicy, MyPolicy>();             // then "Client": { "LoadBalancing": "My" }
        services.AddKnownSettings<MyRegistryOptions>("Discovery:My");        // what else stands in that section is warned about, as mistyped
    }

    internal static void GrpcClients(WebApplicationBuilder builder)
    {
        builder.Services.AddDiscoveryGrpcResolver();                                                            // the package Discovery.Grpc
        builder.Services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = new("discovery:///greeter"));
    }

    internal static void GrpcPackage(WebApplicationBuilder builder)
    {
        builder.Services.AddServiceRegistration(); // or AddDiscoveryClient()
        builder.Services.AddDiscoveryGrpcResolver();
        builder.Services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = new("discovery:///greeter"));
    }

    internal static GrpcChannel GrpcChannelOfOnesOwn(IServiceProvider services)
    {
        var channel = GrpcChannel.ForAddress("discovery:///greeter", new() { ServiceProvider = services, Credentials = ChannelCredentials.Insecure });
        return channel;
    }

    internal static void Dashboard(WebApplication app)
    {
        app.MapDiscoveryDashboard(); // at /discovery, of the package Discovery.Dashboard

        app.MapDiscoveryDashboard("/ops/discovery").RequireAuthorization("operators");
        app.MapDiscoveryDashboard(configure: dashboard => dashboard.AllowOutsideDevelopment = true);
    }

    internal static void DashboardPackage(WebApplicationBuilder builder, WebApplication app)
    {
        builder.Services.AddServiceRegistration(); // or AddDiscoveryClient()

        app.MapDiscoveryDashboard();               // at /discovery, in Development
        app.MapDiscoveryDashboard("/ops/discovery").RequireAuthorization("operators");
    }

    internal static void YarpPackage(WebApplicationBuilder builder)
    {
        builder.Services.AddServiceRegistration(); // or AddDiscoveryClient()
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddDiscoveryDestinationResolver();
    }

    internal static void ServiceEndpointsPackage(WebApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery().AddDiscoveryServiceEndpointProvider();
        builder.Services.AddServiceRegistration(); // or AddDiscoveryClient()
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
    }

    internal static void Telemetry(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("shop"))
            .WithMetrics(metrics => metrics.AddMeter("Discovery.Hosting"))
            .WithTracing(tracing => tracing.AddSource("Discovery.Hosting", "System.Net.Http"));
    }

    internal static void FromSteeltoe(WebApplicationBuilder builder)
    {
        builder.Services.AddServiceRegistration();
        builder.Services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new("http://orders/")).AddDiscovery();
    }

    private sealed class OrdersClient(HttpClient http)
    {
        public HttpClient Http => http;
    }

    private sealed class MyRegistryFactory : IServiceRegistryFactory
    {
        public string Name => "My";

        public IServiceRegistry Create() => throw new NotSupportedException();
    }

    private sealed class MyRegistryOptions
    {
        public string? Address { get; set; }
    }

    private sealed class MyPolicy : ILoadBalancingPolicy
    {
        public string Name => "My";

        public int Pick(in PickContext context) => 0;
    }
}
