using System.Globalization;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
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

    // Long enough for the last one to be registered before the first one expires.
    private static readonly TimeSpan CrowdTtl = TimeSpan.FromSeconds(20);

    public static Fault ThousandExpire { get; } = new("1,000 more instances, registered by a process that dies, expire at once")
    {
        PrepareAsync = async stage =>
        {
            await RegisterAsync(stage);
            Assert.Equal(stage.Living.Count + Crowd, (await stage.ListHealthyAsync()).Count);
            await Eventually.IsAsync(
                async () => (await stage.Caller.Discovery.GetInstancesAsync(Stage.Service)).Instances.Count, count => count == stage.Living.Count + Crowd,
                cancellationToken: TestContext.Current.CancellationToken);
        },
        InjectAsync = stage => stage.Registry is LocalUnderTest
            ? Task.Delay(CrowdTtl, TestContext.Current.CancellationToken) // whether an owner lives can only be told by one's own clock
            : Eventually.IsAsync(() => stage.ListHealthyAsync(), ids => ids.Count == stage.Living.Count, CrowdTtl * 3, TestContext.Current.CancellationToken),
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
            Id = string.Create(CultureInfo.InvariantCulture, $"crowd-{i:0000}"),
            Endpoints = [new Uri($"http://127.0.0.1:{nobody.Number}")],
        });
        await Parallel.ForEachAsync(instances, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (instance, cancellation) =>
            await registry.RegisterAsync(instance, CrowdTtl, cancellation));
    }
}
