using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Worker;

/// <summary>Lines that wait to be worked on; no more than fit.</summary>
internal sealed class Queue
{
    public const int Capacity = 1000;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(Capacity);

    public int Count => _lines.Reader.Count;

    public ValueTask AddAsync(string line, CancellationToken cancellationToken) => _lines.Writer.WriteAsync(line, cancellationToken);

    public IAsyncEnumerable<string> ReadAllAsync(CancellationToken cancellationToken) => _lines.Reader.ReadAllAsync(cancellationToken);
}

/// <summary>A worker whose queue is nearly full is degraded, and one whose queue is full has no use for more work.</summary>
internal sealed class QueueHealth(Queue queue) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(queue.Count switch
        {
            >= Queue.Capacity => HealthCheckResult.Unhealthy("The queue is full."),
            >= Queue.Capacity * 8 / 10 => HealthCheckResult.Degraded("The queue is nearly full."),
            _ => HealthCheckResult.Healthy(),
        });
}
