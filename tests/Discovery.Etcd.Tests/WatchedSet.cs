using System.Collections.Concurrent;
using Discovery.Testing;

namespace Discovery.Etcd.Tests;

/// <summary>Follows a service as a caller does that watches again whenever the watch is lost, and keeps the set.</summary>
internal sealed class WatchedSet : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, ServiceInstance> _instances = new();
    private readonly ConcurrentQueue<RegistryChange> _changes = [];
    private readonly ConcurrentQueue<RegistryException> _losses = [];
    private readonly Task _following;

    public WatchedSet(EtcdServiceRegistry registry, string service) => _following = FollowAsync(registry, service);

    public IReadOnlyDictionary<string, ServiceInstance> Instances => _instances;

    public IReadOnlyCollection<RegistryChange> Changes => _changes;

    public IReadOnlyCollection<RegistryException> Losses => _losses;

    public Task ListedAsync() => Eventually.HoldsAsync(() => !_changes.IsEmpty);

    public Task HoldsAsync(params string[] ids) =>
        Eventually.IsAsync(() => _instances.Keys.Order().ToArray(), seen => seen.SequenceEqual(ids.Order()), expression: $"watched are {string.Join(',', ids)}");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following;
        _ending.Dispose();
    }

    private async Task FollowAsync(EtcdServiceRegistry registry, string service)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in registry.WatchAsync(service, _ending.Token))
                {
                    Apply(change);
                }
            }
            catch (RegistryException e)
            {
                _losses.Enqueue(e);
                await Task.Delay(Pause);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                // the end
            }
        }
    }

    private void Apply(RegistryChange change)
    {
        if (change.IsComplete)
        {
            foreach (var id in _instances.Keys.Except(change.Upserts.Select(instance => instance.Id)))
            {
                _instances.TryRemove(id, out _);
            }
        }

        foreach (var instance in change.Upserts)
        {
            _instances[instance.Id] = instance;
        }

        foreach (var id in change.RemovedIds)
        {
            _instances.TryRemove(id, out _);
        }

        _changes.Enqueue(change);
    }
}
