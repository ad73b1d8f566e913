var builder = WebApplication.CreateBuilder(args);

// The gateway is a service like any other, and finds the rest by name.
builder.Services.AddServiceRegistration();

// Destinations such as "http://quickstart/" in appsettings.json become the instances of that service, and follow them.
builder.Services.AddReverseProxy()
    .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
    .AddDiscoveryDestinationResolver();

var app = builder.Build();
app.MapReverseProxy();
app.MapServiceHealth();
app.Run();
