using Discovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// The smallest app, as a process of its own: empty, registered, or watching a hundred services.
var kind = args[0];
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
