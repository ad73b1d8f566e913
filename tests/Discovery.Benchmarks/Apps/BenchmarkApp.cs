using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Benchmarks.Apps;

/// <summary>The smallest app, as a process of its own: empty, registered, or watching a hundred services.</summary>
internal static class BenchmarkApp
{
    public static async Task RunAsync(string kind)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (kind is "registered")
        {
            builder.Services.AddServiceRegistration();
        }
        else if (kind is "watching")
        {
            builder.Services.AddDiscoveryClient();
        }

        await using var app = builder.Build();
        app.MapGet("/", (HttpContext context) => context.Response.WriteAsync("ok"));
        var views = kind is "watching"
            ? Enumerable.Range(0, 100).Select(i => app.Services.GetRequiredService<IServiceDiscovery>().GetView($"quiet-{i}")).ToArray()
            : [];
        await app.StartAsync();
        foreach (var view in views)
        {
            await view.WaitUntilReadyAsync();
        }

        Console.WriteLine($"ready {app.Urls.First()}");
        await app.WaitForShutdownAsync();
    }
}
