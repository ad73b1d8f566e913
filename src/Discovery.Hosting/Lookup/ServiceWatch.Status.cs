namespace Discovery.Hosting.Lookup;

/// <summary>What a watch tells of its instances to those who look on.</summary>
internal sealed partial class ServiceWatch
{
    /// <summary>How long ago each registry was last heard, be it only to say that nothing has changed.</summary>
    public IReadOnlyList<(string Registry, TimeSpan Elapsed)> SinceHeard
    {
        get
        {
            lock (_gate)
            {
                return [.. _sources.Registries.Select(registry => (registry.Registry.Description, _with.Time.GetElapsedTime(registry.ConfirmedAt)))];
            }
        }
    }

    /// <summary>What to tell a call that nothing was picked for.</summary>
    public NoInstanceAvailableException NoInstanceFor(in PickRequest request)
    {
        IReadOnlyList<RegistryStatus> silent;
        lock (_gate)
        {
            silent = [.. _sources.Registries.Where(registry => !registry.IsLive).Select(registry => registry.Status)];
        }

        return new(_state.Snapshot, request, silent);
    }

    /// <summary>How many instances are given no calls for a time.</summary>
    public int EjectedCount => _state.Set.Groups.Sum(group => group.Cast<InstanceEntry>().Count(entry => entry.Load.Ejection is not null));

    /// <summary>The service in a few numbers.</summary>
    public ServiceStatus Status
    {
        get
        {
            lock (_gate)
            {
                var snapshot = _state.Snapshot;
                return new()
                {
                    ServiceName = ServiceName,
                    Source = snapshot.Source,
                    Age = snapshot.Age,
                    Counts = _history.Last,
                    Policy = _balancer.Policy.Name,
                };
            }
        }
    }

    /// <summary>How many instances there have been lately.</summary>
    public IReadOnlyList<InstanceCounts> History
    {
        get
        {
            lock (_gate)
            {
                return _history.Points;
            }
        }
    }

    /// <summary>Every instance in the order of their IDs, with what was learned by calling it.</summary>
    public IReadOnlyList<InstanceStatus> GetInstances()
    {
        var set = _state.Set;
        var candidates = set.Groups.Take(set.LocalShare < 1 ? 2 : 1).SelectMany(group => group.Cast<InstanceEntry>()).ToHashSet();
        var held = set[InstanceTier.Held].Entries.ToHashSet();
        InstanceEntry[] entries = [.. set.Groups.SelectMany(group => group.Cast<InstanceEntry>()).OrderBy(entry => entry.Instance.Id, StringComparer.Ordinal)];
        var registries = RegistriesOf(entries);
        return [.. entries.Select((entry, i) => StatusOf(entry, candidates.Contains(entry), held.Contains(entry), registries[i]))];
    }

    // Under the lock that writers want: nothing else is done there.
    private IReadOnlyList<string>[] RegistriesOf(InstanceEntry[] entries)
    {
        lock (_gate)
        {
            return Array.ConvertAll(entries, entry => _sources.GetRegistriesOf(entry.Instance.Id));
        }
    }

    private InstanceStatus StatusOf(InstanceEntry entry, bool isCandidate, bool isHeld, IReadOnlyList<string> registries)
    {
        var load = entry.Load;
        var ejection = load.Ejection;
        return new()
        {
            Instance = entry.Instance,
            Registries = registries,
            KnownSince = _with.Time.GetUtcNow() - _with.Time.GetElapsedTime(load.CreatedAt),
            IsHeld = isHeld,
            IsCandidate = isCandidate,
            Weight = entry.Weight,
            IsStartingSlowly = entry.IsStarting,
            EjectedFor = ejection?.Reason,
            EjectedUntil = ejection is null ? null : _with.Time.GetUtcNow() - _with.Time.GetElapsedTime(ejection.Until),
            Picks = load.Outcomes.Successes + load.Outcomes.Failures + load.InFlight,
            Failures = load.Outcomes.Failures,
            InFlight = load.InFlight,
            Latency = load.Latency,
        };
    }
}
