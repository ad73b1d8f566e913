using System.Collections.Concurrent;
using System.Diagnostics;

namespace Discovery.Benchmarks.Watching;

/// <summary>When which instance was first seen, by somebody who follows a service.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _seen = new(StringComparer.Ordinal);

    public void Note(string id) => Of(id).TrySetResult(Stopwatch.GetTimestamp());

    public Task<long> OfAsync(string id) => Of(id).Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    private TaskCompletionSource<long> Of(string id) => _seen.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Follows our view of the service.</summary>
    public async Task FollowAsync(IServiceDiscovery discovery, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var snapshot in discovery.WatchAsync("orders", cancellationToken))
            {
                foreach (var instance in snapshot.Instances)
                {
                    Note(instance.Id);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }
}
