namespace Discovery.Hosting.Lookup;

/// <summary>What a watch knows at one moment. Immutable, and able to say when it is no longer the latest.</summary>
internal sealed class WatchState(InstanceSet set, ServiceSnapshot snapshot)
{
    private static readonly TaskCompletionSource Done = Completed();

    private TaskCompletionSource? _superseded;

    public InstanceSet Set => set;

    public ServiceSnapshot Snapshot => snapshot;

    /// <summary>The same snapshot, for callers that are to be sent elsewhere.</summary>
    public WatchState With(InstanceSet other) => new(other, snapshot);

    /// <summary>Ends when there is a newer state. Costs nothing where nobody asks.</summary>
    public Task Superseded
    {
        get
        {
            if (Volatile.Read(ref _superseded) is { } known)
            {
                return known.Task;
            }

            // Readers must not run on the watch's own thread: a slow one would hold up all others.
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _superseded, created, null) ?? created).Task;
        }
    }

    public void Supersede() => Interlocked.Exchange(ref _superseded, Done)?.TrySetResult();

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
