using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>Picking, and what comes of it: instances that fail are ejected, and come back.</summary>
internal sealed partial class ServiceWatch
{
    // How late an ejection may end, and how finely a slow start rises.
    private static readonly TimeSpan AttentionInterval = TimeSpan.FromMilliseconds(500);

    private readonly OutlierDetector _detector;
    private ITimer? _attention;
    private TimeSpan _attentionEvery;
    private Task _returning = Task.CompletedTask;
    private volatile ServiceBalancer _balancer;
    private volatile Rotation? _rotation;

    /// <summary>Whether calls are to bring a key, where they have one.</summary>
    public bool UsesKey => _balancer.UsesKey;

    /// <summary>The request header that holds the key, or null for none.</summary>
    public string? KeyHeader => _with.Options.Current.For(ServiceName)?.KeyHeader;

    /// <summary>Whether there is an instance with the scheme that was not tried.</summary>
    public bool HasOther(string? scheme, IReadOnlyCollection<string>? tried) => ServiceBalancer.HasOther(_state.Set, scheme, tried);

    private ServiceBalancer CreateBalancer() => new(_with.PolicyFor(ServiceName), _with.Time, _with.Chance);

    private void ReconfigureBalancing()
    {
        if (_with.PolicyFor(ServiceName) != _balancer.Policy)
        {
            _balancer = CreateBalancer();
        }

        _detector.Settings = BalancingSettings.Of(_with.Options.Current, ServiceName);
    }

    private void Suspect(string id, InstanceLoad load, EjectionReason reason) => UpdateSet(
        table => table.Find(id) is { } slot && slot.Entry.Load == load && _detector.TryEject(table, slot, reason));

    private void Attend()
    {
        // One comparison for all tables.
        var compares = new Lazy<bool>(_detector.IsComparisonDue);
        UpdateSet(table =>
        {
            var advanced = _detector.Advance(table);
            if (_returning.IsCompleted && _detector.ToProbe(table).ToList() is { Count: > 0 } due)
            {
                _returning = Task.Run(() => ProbeEjectedAsync(table, due), _stopped);
            }

            return (compares.Value && _detector.Compare(table)) | advanced;
        });
    }

    private Task ProbeEjectedAsync(InstanceTable table, List<InstanceSlot> due) => Parallel.ForEachAsync(
        due,
        new ParallelOptions { MaxDegreeOfParallelism = HeldProbing.ProbesAtOnce, CancellationToken = _stopped },
        async (slot, token) =>
        {
            var endpoint = slot.Entry.Instance.Endpoints[0];
            var result = endpoint.Port < 1 ? ProbeResult.Accepted : await _with.Probe.ProbeAsync(endpoint, token).ConfigureAwait(false);
            UpdateSet(each => each == table && table.Find(slot.Entry.Instance.Id) == slot && _detector.Probed(table, slot, result is ProbeResult.Accepted));
        });

    /// <summary>Changes who is picked, and leaves the snapshot as it is: to its readers nothing has changed.</summary>
    private void UpdateSet(Func<InstanceTable, bool> change)
    {
        WatchState? previous = null;
        IReadOnlyList<EjectionEvent> events;
        lock (_gate)
        {
            var changed = false;
            foreach (var table in _sources.Tables)
            {
                changed |= change(table);
            }

            if (changed)
            {
                previous = _state;
                Publish(previous.With(_sources.Set));
            }

            events = _detector.TakeEvents();
            SetAttention();
        }

        previous?.Supersede();
        foreach (var (id, ejection) in events)
        {
            Tell(id, ejection);
        }
    }

    private void Tell(string id, Ejection? ejection)
    {
        if (ejection is null)
        {
            LogReadmitted(ServiceName, id);
            _observer.InstanceReadmitted(ServiceName, id);
        }
        else
        {
            LogEjected(ServiceName, id, ejection.Length.TotalSeconds, ejection.Reason);
            _observer.InstanceEjected(ServiceName, id, ejection.Reason);
        }
    }

    // Under the lock.
    private void SetAttention()
    {
        var every = _sources.Tables.Any(table => table.NeedsAttention) ? AttentionInterval : _detector.Settings.Outliers.Interval;
        if (every != _attentionEvery && !_stopped.IsCancellationRequested)
        {
            _attentionEvery = every;
            _attention ??= _with.Time.CreateTimer(_ => Attend(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _attention.Change(SharedMoments.Next(every, _with.Time), every); // a process that watches a hundred services is woken once for all of them
        }
    }
}
