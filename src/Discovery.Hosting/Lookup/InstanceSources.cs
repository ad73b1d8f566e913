using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>Where the instances of a service are known from, best first: live, stale, disk, static, DNS, none. Not thread-safe.</summary>
internal sealed class InstanceSources
{
    private readonly string _serviceName;
    private readonly WatchDependencies _with;
    private readonly KnownInstances _known;
    private readonly InstanceTable _static;
    private readonly InstanceTable _resolved;
    private long _confirmedAt;
    private long _version;
    private bool _everAnswered;
    private bool _everFilled;
    private bool _everResolved;

    public InstanceSources(string serviceName, WatchDependencies with, OutlierDetector detector)
    {
        _serviceName = serviceName;
        _with = with;
        _known = new(detector);
        _static = new(detector);
        _resolved = new(detector);
        _confirmedAt = with.Time.GetTimestamp();
        _static.Replace(with.Static.Find(serviceName));
    }

    /// <summary>Whether the watch is proven alive.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Whether the registry was lost, or has not answered in time.</summary>
    public bool IsLost { get; private set; }

    public IReadOnlyList<HeldInstance> Held => _known.Held;

    public int HeldCount => _known.HeldCount;

    /// <summary>The instances to remember on disk, or null while the registry does not stand by all of them.</summary>
    public IReadOnlyList<ServiceInstance>? Rememberable => IsLive && _known.HeldCount == 0 ? [.. _known.Listed] : null;

    /// <summary>The instances of each source.</summary>
    public IEnumerable<InstanceTable> Tables => [_known.Table, _static, _resolved];

    /// <summary>The instances that are called now.</summary>
    public InstanceSet Set => Choose().Instances;

    /// <summary>When the registry last stood by the set.</summary>
    public long ConfirmedAt => _confirmedAt;

    /// <summary>Whether nothing better than DNS is left.</summary>
    public bool NeedsDns => _with.Options.Current.Dns.Enabled && FallsThrough && _static.Count == 0 && (IsLive || IsLost);

    // A registry that never named an instance is no authority on there being none; one that did is.
    private bool FallsThrough => _known.Count == 0 && !_everFilled;

    /// <summary>Begins with what was remembered from before this process was started.</summary>
    public void Seed(CachedSet set)
    {
        _known.Apply(RegistryChange.Complete([.. set.Instances.Select(instance => instance.ToInstance(_serviceName))]));
        var age = _with.Time.GetUtcNow() - set.ConfirmedAt;
        _confirmedAt = _with.Time.GetTimestamp() - (long)(age.TotalSeconds * _with.Time.TimestampFrequency);
    }

    /// <returns>Whether the instances have changed.</returns>
    public bool Apply(RegistryChange change)
    {
        var changed = _known.Apply(change);
        _confirmedAt = _with.Time.GetTimestamp();
        IsLive = _everAnswered = true;
        IsLost = false;
        _everFilled |= _known.Count > _known.HeldCount;
        return changed;
    }

    /// <summary>What the registry has changed since this was last asked; null for nothing.</summary>
    public InstanceChanges? TakeChanges() => _known.Table.TakeChanges();

    public void Lose()
    {
        IsLive = false;
        IsLost = true;
    }

    public bool Drop(string id) => _known.Drop(id);

    /// <summary>DNS was asked; null where it did not answer.</summary>
    public void Resolved(IReadOnlyList<ServiceInstance>? instances)
    {
        if (instances is not null)
        {
            _resolved.Replace(instances);
        }

        _everResolved = true;
    }

    public void Reconfigure()
    {
        _static.Replace(_with.Static.Find(_serviceName));
        foreach (var table in Tables)
        {
            table.Refresh();
        }
    }

    /// <summary>Whether the first caller has what it waits for: an answer, or the best substitute of one that will not come soon.</summary>
    public bool Answers(WatchState state) =>
        IsLive ? state.Snapshot.Instances.Count > 0 || !NeedsDns || _everResolved : IsLost && state.Snapshot.Instances.Count > 0;

    public WatchState Build()
    {
        var (instances, source) = Choose();
        return new(instances, new(_serviceName, instances.Callable, source, ++_version, _with.Time, source is SnapshotSource.Live ? null : NotLiveSince()));
    }

    private long? NotLiveSince() => !IsLive ? _confirmedAt : _known.HeldCount > 0 ? _known.Held.Min(held => held.HeldAt) : null;

    private (InstanceSet Instances, SnapshotSource Source) Choose()
    {
        if (!FallsThrough)
        {
            return (_known.Build(), IsLive && _known.HeldCount == 0 ? SnapshotSource.Live : _everAnswered ? SnapshotSource.Stale : SnapshotSource.Disk);
        }

        if (_static.Count > 0)
        {
            return (_static.Build(), SnapshotSource.Static);
        }

        if (_resolved.Count > 0 && NeedsDns)
        {
            return (_resolved.Build(), SnapshotSource.Dns);
        }

        return (InstanceSet.Empty, IsLive ? SnapshotSource.Live : _everAnswered ? SnapshotSource.Stale : SnapshotSource.None);
    }
}
