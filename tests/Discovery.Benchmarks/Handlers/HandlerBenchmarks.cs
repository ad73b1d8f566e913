using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Handlers;

/// <summary>One request through the handler alone: what follows it answers at once.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public class HandlerBenchmarks : IAsyncDisposable
{
    private readonly HttpRequestMessage _request = new(HttpMethod.Get, "http://orders/whoami?x=1");
    private ServiceProvider _ours = null!;
    private ServiceProvider _microsoft = null!;
    private HttpMessageInvoker _limit = null!;
    private HttpMessageInvoker _handler = null!;
    private HttpMessageInvoker _pipeline = null!;
    private HttpMessageInvoker _peer = null!;

    [Params(10, 100, 10_000)]
    public int Instances { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _limit = new(new LimitHandler(new([.. Enumerable.Range(0, Instances).Select(FixedRegistry.Endpoint)])) { InnerHandler = new ImmediateAnswer() });
        _ours = Contestants.Ours(Instances, "RoundRobin", services =>
        {
            services.AddHttpClient("handler").ConfigurePrimaryHttpMessageHandler(() => new ImmediateAnswer()).RemoveAllLoggers().AddDiscoveryHandler();
            services.AddHttpClient("pipeline").ConfigurePrimaryHttpMessageHandler(() => new ImmediateAnswer()).RemoveAllLoggers().AddDiscovery();
        });
        _microsoft = Contestants.Microsoft(Instances, services =>
            services.AddHttpClient("peer").ConfigurePrimaryHttpMessageHandler(() => new ImmediateAnswer()).RemoveAllLoggers().AddServiceDiscovery());
        _handler = Invoker(_ours, "handler");
        _pipeline = Invoker(_ours, "pipeline");
        _peer = Invoker(_microsoft, "peer");
        await _ours.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("orders");
    }

    [Benchmark(Baseline = true, Description = "limit: pick + new Uri")]
    public Task<HttpResponseMessage> Limit() => _limit.SendAsync(_request, CancellationToken.None);

    [Benchmark(Description = "ours, AddDiscoveryHandler")]
    public Task<HttpResponseMessage> Handler() => _handler.SendAsync(_request, CancellationToken.None);

    [Benchmark(Description = "ours, AddDiscovery (retries, circuit, time-outs)")]
    public Task<HttpResponseMessage> Pipeline() => _pipeline.SendAsync(_request, CancellationToken.None);

    [Benchmark(Description = "Microsoft.Extensions.ServiceDiscovery")]
    public Task<HttpResponseMessage> Microsoft() => _peer.SendAsync(_request, CancellationToken.None);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _microsoft.DisposeAsync();
        _request.Dispose();
        GC.SuppressFinalize(this);
    }

    private static HttpMessageInvoker Invoker(IServiceProvider provider, string name) =>
        new(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name));
}
