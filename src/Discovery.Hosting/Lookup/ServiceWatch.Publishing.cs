namespace Discovery.Hosting.Lookup;

/// <summary>How a change reaches the readers.</summary>
internal sealed partial class ServiceWatch
{
    private bool _isProbing;
    private bool _isResolving;

    /// <summary>Changes the sources, and publishes what comes of it where the change says that something may.</summary>
    private void Update(Func<bool> change)
    {
        WatchState previous, next;
        InstanceChanges? changes;
        var held = 0;
        lock (_gate)
        {
            if (!change())
            {
                return;
            }

            previous = _state;
            next = _sources.Build();
            Publish(next);
            changes = _sources.TakeChanges();
            held = StartWhatIsNeeded();
            SetAttention();
            if (_sources.Answers(next))
            {
                SetReady();
            }
        }

        previous.Supersede();
        if (previous.Snapshot.Source != next.Snapshot.Source)
        {
            LogSource(ServiceName, next.Snapshot.Source, next.Snapshot.Instances.Count);
            _observer.SourceChanged(ServiceName, previous.Snapshot.Source, next.Snapshot.Source);
        }

        if (changes is not null && previous.Snapshot.Source is not SnapshotSource.None)
        {
            _observer.InstancesChanged(ServiceName, changes);
        }

        if (held > 0)
        {
            LogHeld(ServiceName, held);
            _observer.InstancesHeld(ServiceName, held);
        }
    }

    // Readers may find the one new and the other old: each is whole in itself.
    private void Publish(WatchState next)
    {
        _state = next;
        _rotation = _balancer.RotationOf(next.Set);
        _history.Note(next.Set);
    }

    /// <returns>How many instances are held anew.</returns>
    private int StartWhatIsNeeded()
    {
        var held = 0;
        if (!_isProbing && _sources.HeldCount > 0)
        {
            held = _sources.HeldCount;
            _isProbing = true;
            _probing = Task.Run(ProbeHeldAsync);
        }

        if (!_isResolving && _sources.NeedsDns)
        {
            _isResolving = true;
            _resolving = Task.Run(ResolveAsync);
        }

        return held;
    }
}
