using System.Runtime.CompilerServices;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Lookup;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;

namespace Discovery.Hosting.Http.Resilience;

/// <summary>A circuit breaker and a time-out for each instance that a client calls, as long as the process knows it.</summary>
/// <remarks>They belong to what was learned of one incarnation: a copy that was started anew has a closed circuit, and one that left leaves none behind.</remarks>
internal sealed partial class InstanceCircuits(DiscoveryResilienceOptions options, TimeProvider time, ILogger<InstanceCircuits> logger)
{
    private readonly ILogger _logger = logger;
    private readonly ConditionalWeakTable<InstanceLoad, ResiliencePipeline<HttpResponseMessage>> _pipelines = [];

    public Task<HttpResponseMessage> SendAsync(
        EndpointAddress instance,
        HttpRequestMessage request,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        CancellationToken cancellationToken) =>
        PipelineOf(instance).ExecuteAsync(
            static async (call, token) => await call.Send(call.Request, token).ConfigureAwait(false), (Send: send, Request: request), cancellationToken).AsTask();

    public HttpResponseMessage Send(
        EndpointAddress instance,
        HttpRequestMessage request,
        Func<HttpRequestMessage, CancellationToken, HttpResponseMessage> send,
        CancellationToken cancellationToken) =>
        PipelineOf(instance).Execute(static (call, token) => call.Send(call.Request, token), (Send: send, Request: request), cancellationToken);

    private ResiliencePipeline<HttpResponseMessage> PipelineOf(EndpointAddress instance) =>
        _pipelines.TryGetValue(instance.Load, out var known) ? known : _pipelines.GetValue(instance.Load, _ => Create(instance.Instance));

    private ResiliencePipeline<HttpResponseMessage> Create(ServiceInstance instance)
    {
        var (service, id) = (instance.ServiceName, instance.Id);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                OnOpened = opened =>
                {
                    LogOpened(id, service, opened.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    LogClosed(id, service);
                    return default;
                },
            })
            .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();
    }
}
