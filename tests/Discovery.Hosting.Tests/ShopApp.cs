using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests;

/// <summary>An app on a loopback port that registers itself as <c>shop</c> in a registry in memory, with short times.</summary>
internal static class ShopApp
{
    public static WebApplicationBuilder CreateBuilder(InMemoryServiceRegistry registry)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
            ["Discovery:Registration:ServiceName"] = "shop",
            ["Discovery:Registration:Ttl"] = "00:00:02",
            ["Discovery:Registration:DrainDelay"] = "00:00:00",
        });
        builder.Services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(registry));
        builder.Services.AddServiceRegistration();
        return builder;
    }
}
