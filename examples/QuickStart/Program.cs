using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using QuickStart;

var builder = WebApplication.CreateBuilder(args);

// The whole registration: everything else is in the section "Discovery" of appsettings.json.
builder.Services.AddServiceRegistration();

// A client whose requests to http://{service}/ go to an instance of that service, and to another one where that is safe and needed.
builder.Services.AddHttpClient<WhoAmIClient>().AddDiscovery();

// What the app says of its own health is what the registry hears; POST /simulate/... changes it.
builder.Services.AddSingleton<SimulatedHealth>();
builder.Services.AddHealthChecks().AddCheck<SimulatedHealth>("simulated");

// Metrics of the service by the name it is registered by; OTEL_SERVICE_NAME has the last word.
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService(OwnRegistration.ServiceName(builder.Configuration)).AddEnvironmentVariableDetector())
    .WithMetrics(metrics => metrics.AddMeter("Discovery.Hosting").AddPrometheusExporter());
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QuickStartJson.Default));
builder.Services.AddProblemDetails();
builder.Services.AddSingleton<OwnRegistration>().AddHostedService<WhereToLook>();

var app = builder.Build();
app.MapPages();
app.MapInstances();
app.MapCalls();
app.MapServiceHealth();

// Outside Development it is for those who may see it: .RequireAuthorization(...), or, as here, for everybody.
app.MapDiscoveryDashboard(configure: dashboard => dashboard.AllowOutsideDevelopment = true);
app.MapPrometheusScrapingEndpoint();
app.Run();
