using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.Benchmarks.Picks;

/// <summary>One pick from a warm set of 100 as one of two threads sees it that pick at once.</summary>
public class TwoThreadBenchmarks : IAsyncDisposable
{
    private const int Picks = 200_000;

    private readonly ConcurrentDictionary<string, RotatingArray> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Barrier _barrier = new(2);
    private ServiceProvider _ours = null!;
    private ServiceProvider _microsoft = null!;
    private IServiceDiscovery _discovery = null!;
    private IServiceView _view = null!;
    private ServiceEndpointResolver _resolver = null!;
    private Action _work = static () => { };
    private volatile bool _ended;
    private Thread _second = null!;
    private int _next;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _byName["orders"] = new([.. Enumerable.Range(0, 100).Select(FixedRegistry.Endpoint)]);
        _ours = Contestants.Ours(100, "RoundRobin");
        _discovery = _ours.GetRequiredService<IServiceDiscovery>();
        _view = _discovery.GetView("orders");
        await _view.WaitUntilReadyAsync();
        _microsoft = Contestants.Microsoft(100);
        _resolver = _microsoft.GetRequiredService<ServiceEndpointResolver>();
        await _resolver.GetEndpointsAsync("http://orders", CancellationToken.None);
        _second = new(RunBeside) { IsBackground = true };
        _second.Start();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Picks, Description = "limit: volatile array + Interlocked")]
    public void Limit() => Twice(static self =>
    {
        var array = self._byName["orders"];
        for (var i = 0; i < Picks; i++)
        {
            array.Pick();
        }
    });

    [Benchmark(OperationsPerInvoke = Picks, Description = "limit + lookup by name")]
    public void LimitByName() => Twice(static self =>
    {
        for (var i = 0; i < Picks; i++)
        {
            _ = self._byName.TryGetValue("orders", out var array) ? array.Pick() : null;
        }
    });

    [Benchmark(OperationsPerInvoke = Picks, Description = "ours, by name, RoundRobin")]
    public void ByName() => Twice(static self =>
    {
        for (var i = 0; i < Picks; i++)
        {
            _ = self._discovery.PickAsync("orders", default, CancellationToken.None).Now().Endpoint;
        }
    });

    [Benchmark(OperationsPerInvoke = Picks, Description = "ours, held view, RoundRobin")]
    public void View() => Twice(static self =>
    {
        for (var i = 0; i < Picks; i++)
        {
            _ = self._view.TryPick(out _);
        }
    });

    [Benchmark(OperationsPerInvoke = Picks, Description = "Microsoft.Extensions.ServiceDiscovery + index")]
    public void Microsoft() => Twice(static self =>
    {
        for (var i = 0; i < Picks; i++)
        {
            var endpoints = self._resolver.GetEndpointsAsync("http://orders", CancellationToken.None).Now().Endpoints;
            _ = endpoints[(int)((uint)Interlocked.Increment(ref self._next) % (uint)endpoints.Count)];
        }
    });

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        _barrier.SignalAndWait();
        _second.Join();
        await _ours.DisposeAsync();
        await _microsoft.DisposeAsync();
        _barrier.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Twice(Action<TwoThreadBenchmarks> loop)
    {
        _work = () => loop(this);
        _barrier.SignalAndWait();
        _work();
        _barrier.SignalAndWait();
    }

    private void RunBeside()
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_ended)
            {
                return;
            }

            _work();
            _barrier.SignalAndWait();
        }
    }
}
