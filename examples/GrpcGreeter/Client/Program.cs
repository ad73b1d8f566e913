using GrpcGreeter;
using GrpcGreeter.Client;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddDiscoveryClient();
builder.Services.AddDiscoveryGrpcResolver();
builder.Services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = new("discovery:///greeter"));
builder.Services.AddHostedService<Caller>();
builder.Services.AddHostedService<Follower>();
builder.Build().Run();
