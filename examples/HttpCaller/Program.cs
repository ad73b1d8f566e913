using Discovery;
using HttpCaller;

var builder = WebApplication.CreateBuilder(args);

// Finds others and is not registered itself.
builder.Services.AddDiscoveryClient();

// A typed client: its host is the service's name, and every request goes to one of its instances, retried elsewhere where that is safe.
builder.Services.AddHttpClient<QuickStartClient>(http => http.BaseAddress = new("http://quickstart/")).AddDiscovery();

// The same for all clients of the app, where that is wanted: builder.Services.ConfigureHttpClientDefaults(http => http.AddDiscovery());

var app = builder.Build();

app.MapGet("/", async (QuickStartClient quickStart, CancellationToken cancellation) => await quickStart.WhoAreYouAsync(cancellation));

// What is known of the service, and how fresh it is.
app.MapGet("/known", async (IServiceDiscovery discovery, CancellationToken cancellation) =>
{
    var known = await discovery.GetInstancesAsync("quickstart", cancellation);
    return $"{known.Instances.Count} instances ({known.Source}): {string.Join(", ", known.Instances.Select(instance => instance.Id))}";
});
app.Run();
