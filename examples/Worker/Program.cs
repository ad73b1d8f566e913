using Worker;

var builder = Host.CreateApplicationBuilder(args);

// There is no server to ask for its addresses: appsettings.json says where the worker can be reached.
builder.Services.AddServiceRegistration();
builder.Services.AddSingleton<Queue>();
builder.Services.AddHostedService<QueueListener>();

// A worker has health checks like any app; they decide what the registry says of it.
builder.Services.AddHealthChecks().AddCheck<QueueHealth>("queue");

builder.Build().Run();
