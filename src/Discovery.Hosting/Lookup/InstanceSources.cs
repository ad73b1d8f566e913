using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>Where the instances of a service are known from, best first: live, stale, disk, static, DNS, none. Not thread-safe.</summary>
internal sealed class InstanceSources
{
    private readonly string _serviceName;
    private readonly WatchDependencies _with;
    private readonly IInstanceSource _known;
    private readonly MergedInstances? _merged;
    private readonly InstanceTable _static;
    private readonly InstanceTable _resolved;
    private long _version;
    private bool _everResolved;

    public InstanceSources(string serviceName, IReadOnlyList<IServiceRegistry> registries, WatchDependencies with, OutlierDetector detector)
    {
        _serviceName = serviceName;
        _with = with;
        _merged = registries.Count > 1 ? new(registries, detector) : null;
        Registries = _merged?.Registries ?? [new(registries[0], detector)];
        _known = (IInstanceSource?)_merged ?? Registries[0];
        _static = new(detector);
        _resolved = new(detector, hostOf: DnsSource.HostOf);
        _static.Replace(with.Static.Find(serviceName));
        Tables = [_known.Table, _static, _resolved];
    }

    /// <summary>What each registry says, in the order in which configuration names them.</summary>
    public IReadOnlyList<RegistrySource> Registries { get; }

    /// <summary>The registries that list an instance, or, those that are lost, listed it last.</summary>
    public IReadOnlyList<string> GetRegistriesOf(string id) =>
        [.. Registries.Where(registry => registry.Table.Find(id) is { HeldAt: null }).Select(registry => registry.Registry.Description)];

    public IReadOnlyList<HeldInstance> Held => _known.Table.Held;

    public int HeldCount => _known.Table.HeldCount;

    /// <summary>The instances of each source.</summary>
    public IReadOnlyList<InstanceTable> Tables { get; }

    /// <summary>The instances that are called now.</summary>
    public InstanceSet Set => Choose().Instances;

    /// <summary>Whether nothing better than DNS is left.</summary>
    public bool NeedsDns => _with.Options.Current.Dns.Enabled && FallsThrough && _static.Count == 0 && IsSettled;

    private bool IsLive => Registries.Any(registry => registry.IsLive);

    // Nothing more is to be waited for: what has not answered will not soon.
    private bool IsSettled => Registries.All(registry => registry.IsLive || registry.IsLost);

    // A registry that never named an instance is no authority on there being none; one that did is.
    private bool FallsThrough => _known.Table.Count == 0 && !Registries.Any(registry => registry.HasListed);

    /// <summary>Begins with what was remembered of a registry from before this process was started.</summary>
    public void Seed(RegistrySource registry, CachedSet set)
    {
        registry.Seed([.. set.Instances.Select(instance => instance.ToInstance(_serviceName))], set.ConfirmedAt);
        _merged?.Follow(registry, isNews: false);
    }

    /// <returns>Whether the instances have changed.</returns>
    public bool Apply(RegistrySource registry, RegistryChange change)
    {
        var (isNews, wasLive) = (registry.HasAnswered, registry.IsLive);
        var changed = registry.Apply(change);
        return _merged is null ? changed : wasLive ? _merged.Follow(registry, isNews) : _merged.FollowAll(registry, isNews);
    }

    /// <summary>What the registries have changed since this was last asked; null for nothing.</summary>
    public InstanceChanges? TakeChanges()
    {
        if (_merged is not null)
        {
            // What is merged says it once for all.
            foreach (var registry in Registries)
            {
                registry.Table.TakeChanges();
            }
        }

        return _known.Table.TakeChanges();
    }

    /// <inheritdoc cref="RegistrySource.Lose"/>
    public void Lose(RegistrySource registry, string? error)
    {
        registry.Lose(error);
        _merged?.FollowAll(registry, isNews: false);
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
    /// <remarks>Of several registries, one that is empty says nothing of the others; one that is not is enough to call somebody.</remarks>
    public bool Answers(WatchState state) =>
        (IsSettled || Registries.Any(registry => registry.IsLive && registry.Table.ListedCount > 0))
        && (state.Snapshot.Instances.Count > 0 || (IsLive && (!NeedsDns || _everResolved)));

    public WatchState Build()
    {
        var (instances, source) = Choose();
        return new(instances, new(_serviceName, instances.Callable, source, ++_version, _with.Time, source is SnapshotSource.Live ? null : _known.StoodByUntil));
    }

    private (InstanceSet Instances, SnapshotSource Source) Choose()
    {
        if (!FallsThrough)
        {
            return (_known.Table.Build(), _known.IsStoodBy ? SnapshotSource.Live : _known.HasAnswered ? SnapshotSource.Stale : SnapshotSource.Disk);
        }

        if (_static.Count > 0)
        {
            return (_static.Build(), SnapshotSource.Static);
        }

        if (_resolved.Count > 0 && NeedsDns)
        {
            return (_resolved.Build(), SnapshotSource.Dns);
        }

        return (InstanceSet.Empty, IsLive ? SnapshotSource.Live : _known.HasAnswered ? SnapshotSource.Stale : SnapshotSource.None);
    }
}
