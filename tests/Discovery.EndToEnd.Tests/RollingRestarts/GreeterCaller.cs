using System.Collections.Concurrent;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Grpc.Core;
using GrpcGreeter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>Calls the service <c>greeter</c> by its name, a few calls at once and without a break, and follows streams of it, until it is disposed of.</summary>
internal sealed class GreeterCaller : IAsyncDisposable
{
    private const int Workers = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, int> _answersOf = new();
    private readonly ConcurrentDictionary<int, int> _messagesOf = new();
    private readonly ServiceProvider _services;
    private Task _working = Task.CompletedTask;
    private int _calls;
    private int _ends;

    public GreeterCaller(RegistryUnderTest registry)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Development" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>(registry.Environment.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value))
            {
                ["Discovery:Client:CacheDirectory"] = "",
            }).Build());
        services.AddDiscoveryClient();
        services.AddDiscoveryGrpcResolver();
        services.AddGrpcClient<Greeter.GreeterClient>(client => client.Address = new("discovery:///greeter"));
        _services = services.BuildServiceProvider();
    }

    /// <summary>What went wrong, in words.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many streams have ended in good order.</summary>
    public int Ends => Volatile.Read(ref _ends);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Greeter.GreeterClient Greeter => _services.GetRequiredService<Greeter.GreeterClient>();

    /// <summary>How many calls a process has answered.</summary>
    public int AnswersOf(int processId) => _answersOf.GetValueOrDefault(processId);

    /// <summary>How many messages of streams have come from a process.</summary>
    public int MessagesOf(int processId) => _messagesOf.GetValueOrDefault(processId);

    public Task KnowsAsync(int count) => Eventually.HoldsAsync(
        async () => await _services.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("greeter", Cancellation) is { Source: SnapshotSource.Live } known && known.Instances.Count == count,
        TimeSpan.FromSeconds(60),
        Cancellation);

    /// <summary>Begins to call, or to follow streams.</summary>
    public void Start(bool streams) => _working = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(streams ? FollowAsync : CallAsync)));

    /// <summary>Begins no more and waits for what is under way; a stream is left where it is.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _working;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task CallAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(8));
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                // Not cancelled by the end of the test: a call that is begun is judged.
                var reply = await Greeter.SayHelloAsync(new() { Name = "test" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30), cancellationToken: CancellationToken.None);
                _answersOf.AddOrUpdate(reply.Pid, 1, static (_, count) => count + 1);
            }
            catch (RpcException e)
            {
                Failures.Enqueue($"call {Calls}: {e.Status}");
            }

            Interlocked.Increment(ref _calls);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task FollowAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var stream = Greeter.Follow(new() { Name = "test" }, cancellationToken: _stopping.Token);
                while (await stream.ResponseStream.MoveNext(_stopping.Token))
                {
                    _messagesOf.AddOrUpdate(stream.ResponseStream.Current.Pid, 1, static (_, count) => count + 1);
                }

                Interlocked.Increment(ref _ends);
            }
            catch (RpcException) when (_stopping.IsCancellationRequested)
            {
                // left where it was
            }
            catch (RpcException e)
            {
                Failures.Enqueue($"stream: {e.Status}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
