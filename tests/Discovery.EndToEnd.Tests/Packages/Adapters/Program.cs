using Grpc.Health.V1;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddServiceRegistration();
builder.Services.AddGrpc();
builder.Services.AddDiscoveryGrpcResolver();
builder.Services.AddGrpcClient<Health.HealthClient>(client => client.Address = new("discovery:///adapters"));
builder.Services.AddServiceDiscovery().AddDiscoveryServiceEndpointProvider();
builder.Services.AddHttpClient("endpoints", http => http.BaseAddress = new("http://adapters/")).AddServiceDiscovery();
builder.Services.AddReverseProxy()
    .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
    .AddDiscoveryDestinationResolver();

var app = builder.Build();
app.MapServiceHealth();
app.MapGrpcServiceHealth();
app.MapDiscoveryDashboard();
app.MapReverseProxy();
app.MapGet("/hello", () => "hello");
app.MapGet("/endpoints", (IHttpClientFactory clients) => clients.CreateClient("endpoints").GetStringAsync("hello"));
app.MapGet("/grpc", async (Health.HealthClient health) => (await health.CheckAsync(new())).Status.ToString());
app.Run();
