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
/// <remarks>In a loop: what a benchmark that picks once takes off for its own call is more than the limit costs.</remarks>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public class PickBenchmarks : IAsyncDisposable
{
    private const int Picks = 10_000;

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

    [Benchmark(Baseline = true, OperationsPerInvoke = Picks, Description = "limit: volatile array + Interlocked")]
    public Uri? Limit()
    {
        Uri? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _array.Pick();
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "limit + lookup by name")]
    public Uri? LimitByName()
    {
        Uri? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _byName.TryGetValue("orders", out var array) ? array.Pick() : null;
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "ours, by name, RoundRobin")]
    public Uri? ByName()
    {
        Uri? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _discovery.PickAsync("orders", default, CancellationToken.None).Now().Endpoint;
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "ours, held view, RoundRobin")]
    public Uri? View()
    {
        Uri? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _rotatingView.TryPick(out var pick) ? pick.Endpoint : null;
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "ours, held view, PowerOfTwoChoices, reported")]
    public Uri? Reported()
    {
        Uri? last = null;
        for (var i = 0; i < Picks; i++)
        {
            if (_choosingView.TryPick(out var pick))
            {
                pick.Report(PickOutcome.Success);
                last = pick.Endpoint;
            }
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "Microsoft.Extensions.ServiceDiscovery + index")]
    public ServiceEndpoint? Microsoft()
    {
        ServiceEndpoint? last = null;
        for (var i = 0; i < Picks; i++)
        {
            var endpoints = _resolver.GetEndpointsAsync("http://orders", CancellationToken.None).Now().Endpoints;
            last = endpoints[(int)((uint)Interlocked.Increment(ref _next) % (uint)endpoints.Count)];
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "YARP RoundRobin")]
    public DestinationState? YarpRoundRobin()
    {
        DestinationState? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _yarpRoundRobin.PickDestination(_context, _cluster, _destinations);
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "YARP PowerOfTwoChoices")]
    public DestinationState? YarpPowerOfTwoChoices()
    {
        DestinationState? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _yarpPowerOfTwoChoices.PickDestination(_context, _cluster, _destinations);
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Picks, Description = "gRPC RoundRobinPicker")]
    public PickResult? Grpc()
    {
        PickResult? last = null;
        for (var i = 0; i < Picks; i++)
        {
            last = _grpc.Pick(PeerInternals.AnyPick);
        }

        return last;
    }

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
