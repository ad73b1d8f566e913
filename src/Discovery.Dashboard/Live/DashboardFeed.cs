using Discovery.Dashboard.Api;

namespace Discovery.Dashboard.Live;

/// <summary>
/// Sends one stream of changes to all who look on. It looks twice a second while there is somebody, and not at all otherwise; each message is written once, whoever gets it.
/// A viewer that does not keep up is dropped, and is shown all of it again when it comes back.
/// </summary>
internal sealed class DashboardFeed(DashboardObserver observer, ServicesInView services, int maxViewers, TimeProvider time, CancellationToken stopping)
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<Viewer> _viewers = [];
    private Overview? _last;
    private ReadOnlyMemory<byte>? _state;
    private Task _listing = Task.CompletedTask;
    private long _listedAt;
    private long _sentAt;

    public int ViewerCount
    {
        get
        {
            lock (_gate)
            {
                return _viewers.Count;
            }
        }
    }

    /// <summary>Lets somebody look on, from what is known now.</summary>
    /// <returns>Null where so many do already that no more may.</returns>
    public Viewer? TryJoin()
    {
        lock (_gate)
        {
            if (_viewers.Count >= maxViewers)
            {
                return null;
            }

            if (_last is null)
            {
                _last = observer.Observe();
                _listedAt = _sentAt = time.GetTimestamp();
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(RunAsync, CancellationToken.None);
                }
            }

            var viewer = new Viewer(Leave);
            viewer.TrySend(_state ??= Message.Of("state", _last, DashboardJson.Default.Overview));
            _viewers.Add(viewer);
            return viewer;
        }
    }

    private async Task RunAsync()
    {
        _listing = ListAsync();
        do
        {
            await Task.Delay(Tick, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (LookAgain());
    }

    /// <returns>Whether there is still somebody to look for.</returns>
    private bool LookAgain()
    {
        lock (_gate)
        {
            if (_viewers.Count == 0 || stopping.IsCancellationRequested)
            {
                End();
                return false;
            }

            try
            {
                Look();
                return true;
            }
            catch
            {
                End();
                throw;
            }
        }
    }

    // Under the lock, as all that follows.
    private void Look()
    {
        if (_listing.IsCompleted && time.GetElapsedTime(_listedAt) >= ListInterval)
        {
            _listedAt = time.GetTimestamp();
            _listing = ListAsync();
        }

        var now = observer.Observe();
        if (OverviewChange.Between(_last!, now) is { } change)
        {
            _last = now;
            _state = null;
            Send(Message.Of("change", change, DashboardJson.Default.OverviewChange));
        }
        else if (time.GetElapsedTime(_sentAt) >= BeatInterval)
        {
            Send(Message.Beat);
        }
    }

    // Whoever comes next begins anew; and after a look that has failed, fails with it, where it is told as a request's.
    private void End()
    {
        _viewers.ToList().ForEach(viewer => viewer.End());
        _viewers.Clear();
        _last = null;
        _state = null;
    }

    private void Send(ReadOnlyMemory<byte> message)
    {
        _sentAt = time.GetTimestamp();
        foreach (var viewer in _viewers.Where(viewer => !viewer.TrySend(message)).ToList())
        {
            viewer.Drop();
            _viewers.Remove(viewer);
        }
    }

    private void Leave(Viewer viewer)
    {
        lock (_gate)
        {
            _viewers.Remove(viewer);
        }
    }

    // A registry that does not answer is seen in what is known of it; the next listing is in a few seconds.
    private Task ListAsync() => Task.Run(async () => await services.RefreshAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing), CancellationToken.None);
}
