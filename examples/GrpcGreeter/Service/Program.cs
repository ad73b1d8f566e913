using GrpcGreeter.Service;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddServiceRegistration(); // as "greeter"; its endpoint as grpc://, for appsettings.json says that it speaks HTTP/2 alone
builder.Services.AddGrpc();

var app = builder.Build();
app.MapGrpcService<GreeterService>();
app.MapGrpcServiceHealth(); // grpc.health.v1, by the app's health checks: NOT_SERVING from the moment it is told to stop
app.Run();
