namespace Discovery.Local.Tests;

/// <summary>Follows a watch, and waits for what it should come to see.</summary>
public sealed class Watcher : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<RegistryChange> _changes;
    private readonly Dictionary<string, ServiceInstance> _seen = [];

    public Watcher(IServiceRegistry registry, string service = "orders") =>
        _changes = registry.WatchAsync(service, _stop.Token).GetAsyncEnumerator(_stop.Token);

    public IReadOnlyCollection<ServiceInstance> Seen => _seen.Values;

    public List<string> Removed { get; } = [];

    public int Confirmations { get; private set; }

    /// <summary>The next change, applied to what was seen.</summary>
    public async Task<RegistryChange> NextAsync()
    {
        Assert.True(await _changes.MoveNextAsync().AsTask().WaitAsync(Bound));
        var change = _changes.Current;
        if (change.IsComplete)
        {
            _seen.Clear();
        }

        foreach (var instance in change.Upserts)
        {
            _seen[instance.Id] = instance;
        }

        foreach (var id in change.RemovedIds)
        {
            _seen.Remove(id);
            Removed.Add(id);
        }

        Confirmations += ReferenceEquals(change, RegistryChange.Confirmation) ? 1 : 0;
        return change;
    }

    public async Task UntilAsync(Func<IReadOnlyCollection<ServiceInstance>, bool> condition)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition(Seen))
        {
            Assert.False(bound.IsCancellationRequested, $"never seen; last: {string.Join(", ", Seen.Select(instance => instance.Id))}");
            await NextAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _changes.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A call to MoveNextAsync that ran into its bound is still under way; its test has failed already.
        }

        _stop.Dispose();
    }
}
