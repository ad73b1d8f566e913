using Discovery.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using GrpcGreeter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Grpc.Tests;

/// <summary>An app that calls gRPC services which it finds in a registry in memory.</summary>
internal sealed class GrpcHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<GrpcChannel> _channels = [];

    public GrpcHost(IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Test" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "InMemory",
            ["Discovery:Client:CacheDirectory"] = "",
            ["Discovery:Client:LoadBalancing"] = "RoundRobin",
            ["Discovery:Client:SlowStart:Window"] = "00:00:00",
        }).AddInMemoryCollection(settings).Build());
        services.AddSingleton<IServiceRegistryFactory>(new InMemoryServiceRegistryFactory(Registry));
        services.AddDiscoveryClient();
        services.AddDiscoveryGrpcResolver();
        services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = new("discovery:///greeter"));
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public InMemoryServiceRegistry Registry { get; } = new(TimeProvider.System);

    public IServiceProvider Services => _services;

    /// <summary>The client of the factory.</summary>
    public Greeter.GreeterClient Client => _services.GetRequiredService<Greeter.GreeterClient>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A channel of one's own.</summary>
    /// <param name="balancer">The load balancer that its configuration names; none where null.</param>
    /// <param name="credentials">Its credentials.</param>
    /// <param name="address">Its address.</param>
    public GrpcChannel Channel(string? balancer = null, ChannelCredentials? credentials = null, string address = "discovery:///greeter")
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            ServiceProvider = _services,
            Credentials = credentials ?? ChannelCredentials.Insecure,
            ServiceConfig = balancer is null ? null : new() { LoadBalancingConfigs = { new LoadBalancingConfig(balancer) } },
        });
        _channels.Add(channel);
        return channel;
    }

    public Task RegisterAsync(params IEnumerable<ServiceInstance> instances) =>
        Task.WhenAll(instances.Select(instance => Registry.RegisterAsync(instance, TimeSpan.FromHours(1), Cancellation)));

    /// <summary>Who answers the next so many calls.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> AnswersAsync(Greeter.GreeterClient client, int calls)
    {
        var answers = new Dictionary<string, int>();
        for (var i = 0; i < calls; i++)
        {
            var reply = await client.SayHelloAsync(new(), deadline: Deadline(30), cancellationToken: Cancellation);
            answers[reply.Message] = answers.GetValueOrDefault(reply.Message) + 1;
        }

        return answers;
    }

    /// <summary>Waits until the channel is connected to these, which the first call does not wait for.</summary>
    public static Task ConnectedAsync(Greeter.GreeterClient client, params string[] ids) =>
        Eventually.HoldsAsync(async () => (await AnswersAsync(client, 2 * ids.Length)).Keys.ToHashSet().SetEquals(ids), cancellationToken: Cancellation);

    public static DateTime Deadline(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    /// <summary>What the process has learned of an instance.</summary>
    public InstanceStatus StatusOf(string id) =>
        _services.GetRequiredService<IDiscoveryDiagnostics>().GetInstances("greeter").Single(status => status.Instance.Id == id);

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await _services.DisposeAsync();
    }
}
