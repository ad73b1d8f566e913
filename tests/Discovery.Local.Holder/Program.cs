// Usage: Discovery.Local.Holder FOLDER SERVICE ID TTL-SECONDS [child]
// Registers, says "held", keeps the lease alive until its input ends, then revokes it. With "child" it first starts a process that outlives it.
using System.Diagnostics;
using System.Globalization;
using Discovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

var ttl = TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture));
var services = new ServiceCollection();
services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
    .AddInMemoryCollection([new("Discovery:Local:Directory", args[0])])
    .Build());
await using var provider = services.AddLocalServiceRegistry().BuildServiceProvider();
await using var registry = provider.GetRequiredService<IServiceRegistryFactory>().Create();
var instance = new ServiceInstance
{
    ServiceName = args[1],
    Id = args[2],
    Endpoints = [new Uri("http://127.0.0.1:5000")],
    Metadata = new Dictionary<string, string> { ["pid"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture) },
};
await using var lease = await registry.RegisterAsync(instance, ttl, CancellationToken.None);
if (args.Contains("child"))
{
    using var child = Process.Start(new ProcessStartInfo("sleep", "60"))!;
    Console.WriteLine(child.Id);
}

Console.WriteLine("held");
using var beats = new PeriodicTimer(ttl / 3);
var inputEnded = Task.Run(Console.In.ReadToEnd); // its asynchronous twin blocks as well
while (!inputEnded.IsCompleted)
{
    var status = await lease.KeepAliveAsync(HealthStatus.Healthy, null, CancellationToken.None);
    if (status != LeaseStatus.Held)
    {
        Console.WriteLine(status);
        return 1;
    }

    await Task.WhenAny(inputEnded, beats.WaitForNextTickAsync().AsTask());
}

await lease.RevokeAsync(CancellationToken.None);
return 0;
