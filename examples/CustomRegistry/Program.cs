using CustomRegistry;
using Discovery;

var builder = WebApplication.CreateBuilder(args);

// The one line that adds a registry of one's own; "Discovery:Provider": "Memory" in appsettings.json selects it.
builder.Services.AddSingleton<IServiceRegistryFactory, MemoryRegistryFactory>();
builder.Services.AddServiceRegistration();

var app = builder.Build();
app.MapGet("/", async (IServiceDiscovery discovery, CancellationToken cancellation) =>
    (await discovery.GetInstancesAsync("customregistry", cancellation)).Instances.Select(instance => $"{instance.Id} at {instance.Endpoints[0]}"));
app.MapServiceHealth();
app.Run();
