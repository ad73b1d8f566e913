namespace Discovery.Testing;

/// <summary>Follows a watch from its start: every change in order, and the set that they add up to.</summary>
public sealed class WatchRecorder : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private readonly List<RegistryChange> _changes = [];
    private readonly SortedDictionary<string, ServiceInstance> _instances = new(StringComparer.Ordinal);

    private WatchRecorder(IServiceRegistry registry, string serviceName, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Ended = Task.Run(() => FollowAsync(registry, serviceName), CancellationToken.None);
    }

    /// <summary>Ends with the watch, with the exception it ended with.</summary>
    public Task Ended { get; }

    /// <summary>All changes so far.</summary>
    public IReadOnlyList<RegistryChange> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>What they add up to, in the order of the IDs.</summary>
    public IReadOnlyList<ServiceInstance> Instances
    {
        get
        {
            lock (_gate)
            {
                return [.. _instances.Values];
            }
        }
    }

    /// <summary>Starts a watch.</summary>
    public static WatchRecorder Start(IServiceRegistry registry, string serviceName, CancellationToken cancellationToken = default) =>
        new(registry, serviceName, cancellationToken);

    /// <summary>Starts a watch and waits for its first change.</summary>
    public static async Task<WatchRecorder> StartedAsync(IServiceRegistry registry, string serviceName, CancellationToken cancellationToken = default)
    {
        var recorder = Start(registry, serviceName, cancellationToken);
        await recorder.UntilChangesAsync(changes => changes.Count > 0);
        return recorder;
    }

    /// <summary>Waits until the set is as expected.</summary>
    public Task<IReadOnlyList<ServiceInstance>> UntilAsync(Func<IReadOnlyList<ServiceInstance>, bool> expected, TimeSpan? bound = null) =>
        Eventually.IsAsync(() => ObserveAsync(() => Instances), expected, bound);

    /// <summary>Waits until the changes are as expected.</summary>
    public Task<IReadOnlyList<RegistryChange>> UntilChangesAsync(Func<IReadOnlyList<RegistryChange>, bool> expected, TimeSpan? bound = null) =>
        Eventually.IsAsync(() => ObserveAsync(() => Changes), expected, bound);

    /// <summary>Waits until the watch has ended by itself.</summary>
    /// <returns>The exception it ended with.</returns>
    public async Task<Exception> FailureAsync(TimeSpan? bound = null)
    {
        await Eventually.HoldsAsync(() => Ended.IsCompleted, bound);
        return await Assert.ThrowsAnyAsync<Exception>(() => Ended);
    }

    /// <summary>Cancels the watch; <see cref="Ended"/> tells how it took that.</summary>
    public Task CancelAsync() => _stop.CancelAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); // how it ended is for tests that ask
        _stop.Dispose();
    }

    /// <summary>A watch that has failed will not bring what is waited for: its exception tells more than a bound that passes.</summary>
    private async Task<T> ObserveAsync<T>(Func<T> observe)
    {
        var observed = observe();
        if (Ended.IsFaulted)
        {
            await Ended;
        }

        return observed;
    }

    private async Task FollowAsync(IServiceRegistry registry, string serviceName)
    {
        await foreach (var change in registry.WatchAsync(serviceName, _stop.Token))
        {
            lock (_gate)
            {
                Apply(change);
            }
        }
    }

    private void Apply(RegistryChange change)
    {
        _changes.Add(change);
        if (change.IsComplete)
        {
            _instances.Clear();
        }

        foreach (var id in change.RemovedIds)
        {
            _instances.Remove(id);
        }

        foreach (var instance in change.Upserts)
        {
            _instances[instance.Id] = instance;
        }
    }
}
