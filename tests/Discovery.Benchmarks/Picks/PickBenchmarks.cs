using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Grpc.Net.Client.Balancer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Model;
using YarpPolicy = Yarp.ReverseProxy.LoadBalancing.ILoadBalancingPolicy;

namespace Discovery.Benchmarks.Picks;

/// <summary>One pick from a warm set, on one thread.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public class PickBenchmarks : IAsyncDisposable
{
    private readonly HttpContext _context = new DefaultHttpContext();
    private readonly ClusterState _cluster = new("orders");
    private readonly ConcurrentDictionary<string, RotatingArray> _byName = new(StringComparer.OrdinalIgnoreCase);
    private RotatingArray _array = null!;
    private ServiceProvider _rotating = null!;
    private ServiceProvider _choosing = null!;
    private ServiceProvider _microsoft = null!;
    private IServiceDiscovery _discovery = null!;
    private IServiceView _rotatingView = null!;
    private IServiceView _choosingView = null!;
    private ServiceEndpointResolver _resolver = null!;
    private DestinationState[] _destinations = null!;
    private YarpPolicy _yarpRoundRobin = null!;
    private YarpPolicy _yarpPowerOfTwoChoices = null!;
    private SubchannelPicker _grpc = null!;
    private int _next;

    [Params(10, 100, 10_000)]
    public int Instances { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _array = new([.. Enumerable.Range(0, Instances).Select(FixedRegistry.Endpoint)]);
        _byName["orders"] = _array;
        _rotating = Contestants.Ours(Instances, "RoundRobin");
        _choosing = Contestants.Ours(Instances, "PowerOfTwoChoices");
        _discovery = _rotating.GetRequiredService<IServiceDiscovery>();
        _rotatingView = await ViewAsync(_rotating);
        _choosingView = await ViewAsync(_choosing);
        _microsoft = Contestants.Microsoft(Instances);
        _resolver = _microsoft.GetRequiredService<ServiceEndpointResolver>();
        await _resolver.GetEndpointsAsync("http://orders", CancellationToken.None);
        _destinations = [.. Enumerable.Range(0, Instances).Select(i => new DestinationState("d" + i, new DestinationModel(new() { Address = FixedRegistry.Endpoint(i).ToString() })))];
        _yarpRoundRobin = PeerInternals.YarpPolicy("RoundRobin");
        _yarpPowerOfTwoChoices = PeerInternals.YarpPolicy("PowerOfTwoChoices");
        _grpc = PeerInternals.GrpcRoundRobinPicker(Instances);
    }

    [Benchmark(Baseline = true, Description = "limit: volatile array + Interlocked")]
    public Uri Limit() => _array.Pick();

    [Benchmark(Description = "limit + lookup by name")]
    public Uri LimitByName() => _byName.TryGetValue("orders", out var array) ? array.Pick() : throw new InvalidOperationException();

    [Benchmark(Description = "ours, by name, RoundRobin")]
    public Uri ByName() => _discovery.PickAsync("orders", default, CancellationToken.None).Now().Endpoint;

    [Benchmark(Description = "ours, held view, RoundRobin")]
    public Uri View() => _rotatingView.TryPick(default, out var pick) ? pick.Endpoint : throw new InvalidOperationException();

    [Benchmark(Description = "ours, held view, PowerOfTwoChoices, reported")]
    public Uri Reported()
    {
        if (!_choosingView.TryPick(default, out var pick))
        {
            throw new InvalidOperationException();
        }

        pick.Report(PickOutcome.Success);
        return pick.Endpoint;
    }

    [Benchmark(Description = "Microsoft.Extensions.ServiceDiscovery + index")]
    public ServiceEndpoint Microsoft()
    {
        var endpoints = _resolver.GetEndpointsAsync("http://orders", CancellationToken.None).Now().Endpoints;
        return endpoints[(int)((uint)Interlocked.Increment(ref _next) % (uint)endpoints.Count)];
    }

    [Benchmark(Description = "YARP RoundRobin")]
    public DestinationState? YarpRoundRobin() => _yarpRoundRobin.PickDestination(_context, _cluster, _destinations);

    [Benchmark(Description = "YARP PowerOfTwoChoices")]
    public DestinationState? YarpPowerOfTwoChoices() => _yarpPowerOfTwoChoices.PickDestination(_context, _cluster, _destinations);

    [Benchmark(Description = "gRPC RoundRobinPicker")]
    public PickResult Grpc() => _grpc.Pick(PeerInternals.AnyPick);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _rotatingView.Dispose();
        _choosingView.Dispose();
        await _rotating.DisposeAsync();
        await _choosing.DisposeAsync();
        await _microsoft.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task<IServiceView> ViewAsync(IServiceProvider provider)
    {
        var view = provider.GetRequiredService<IServiceDiscovery>().GetView("orders");
        await view.WaitUntilReadyAsync();
        return view;
    }
}
