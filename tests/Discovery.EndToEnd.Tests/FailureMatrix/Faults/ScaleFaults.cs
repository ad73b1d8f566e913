using System.Globalization;
using System.Text.Json;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What happens to many at once.</summary>
internal static class ScaleFaults
{
    private const int Crowd = 1000;
    private const int Services = 100;

    private static readonly TimeSpan CrowdTtl = TimeSpan.FromSeconds(6);

    // An agent takes longer to tell its servers of a thousand.
    private static readonly TimeSpan ConsulTtl = TimeSpan.FromSeconds(60);

    public static Fault ThousandExpire { get; } = new("1,000 more instances, registered by a process that dies, expire at once")
    {
        PrepareAsync = async stage =>
        {
            if (stage.Registry is not ConsulUnderTest)
            {
                await RegisterAsync(stage);
            }

            await Eventually.IsAsync(() => stage.ListHealthyAsync(), ids => ids.Count == stage.Living.Count + Crowd, ConsulTtl, TestContext.Current.CancellationToken);
            await Eventually.IsAsync(
                async () => (await stage.Caller.Discovery.GetInstancesAsync(Stage.Service)).Instances.Count, count => count == stage.Living.Count + Crowd,
                cancellationToken: TestContext.Current.CancellationToken);
        },
        InjectAsync = stage => Eventually.IsAsync(
            () => stage.ListHealthyAsync(), ids => ids.Count == stage.Living.Count, ConsulTtl * 2, TestContext.Current.CancellationToken),
    };

    /// <summary>A hundred services more, of which each copy is an instance and which the caller watches, through another fault.</summary>
    public static Fault WithManyServices(Fault fault) => fault with
    {
        Name = $"{fault.Name}; {Services} more services watched",
        PrepareAsync = async stage =>
        {
            await fault.PrepareAsync(stage);
            await stage.AddServicesAsync(Services);
        },
    };

    /// <summary>An agent that had the thousand registered when it was started: their TTLs run from then on.</summary>
    public static async Task<RegistryUnderTest> StartCrowdedConsulAsync()
    {
        using var nobody = FreePort.Take();
        var services = Enumerable.Range(0, Crowd).Select(i => new
        {
            id = IdOf(i),
            name = Stage.Service,
            address = "127.0.0.1",
            port = nobody.Number,
            check = new { name = "crowd", ttl = ConsulTtl.TotalSeconds.ToString("0s", CultureInfo.InvariantCulture), status = "passing" },
        });
        return new ConsulUnderTest(await ConsulServer.StartAsync(
            new ConsulServerOptions { Configuration = JsonSerializer.Serialize(new { services }) }, TestContext.Current.CancellationToken));
    }

    private static string IdOf(int i) => string.Create(CultureInfo.InvariantCulture, $"crowd-{i:0000}");

    /// <summary>Nothing keeps these alive, as nothing does when their process has died; they name a port that nobody listens on.</summary>
    private static async Task RegisterAsync(Stage stage)
    {
        using var nobody = FreePort.Take();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration.AddInMemoryCollection(
            stage.Registry.Environment.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)));
        builder.Services.AddDiscoveryClient();
        using var host = builder.Build();
        var provider = stage.Registry.Environment["Discovery__Provider"];
        await using var registry = host.Services.GetServices<IServiceRegistryFactory>().Single(factory => factory.Name == provider).Create();
        var instances = Enumerable.Range(0, Crowd).Select(i => new ServiceInstance
        {
            ServiceName = Stage.Service,
            Id = IdOf(i),
            Endpoints = [new Uri($"http://127.0.0.1:{nobody.Number}")],
        });
        await Parallel.ForEachAsync(instances, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (instance, cancellation) =>
        {
            await using var lease = await registry.RegisterAsync(instance, CrowdTtl, cancellation); // disposed of, it is not revoked
        });
    }
}
