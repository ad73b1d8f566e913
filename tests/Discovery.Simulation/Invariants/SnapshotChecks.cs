using Discovery.Hosting.Lookup;
using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Registries;

namespace Discovery.Simulation.Invariants;

/// <summary>Holds what one process knows of the service against what stands in the registry.</summary>
internal sealed class SnapshotChecks(World world, SimulatedProcess process) : ICheck
{
    private static readonly TimeSpan Seeing = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, ServiceInstance> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceInstance?> _excused = new(StringComparer.Ordinal); // with how each was known when it left
    private readonly List<string> _missing = [];
    private WatchState? _state;

    public void AtEachStep()
    {
        if (process.IsAlive && process.Watches.TryGet(World.Service, out var watch) && watch.Current != _state)
        {
            _state = watch.Current;
            OnChange(_state);
        }
    }

    public void Periodically()
    {
        if (!process.IsAlive || _state is null)
        {
            return;
        }

        CheckSource(_state.Snapshot);
        if (process.UndisturbedFor >= Times.Watching)
        {
            CheckAgainstRegistry();
        }
    }

    /// <summary>An instance has left the registry: it may be missing from now on, until the process has seen it stand there again.</summary>
    public void OnRemoved(Standing standing) => _excused[standing.Id] = _known.GetValueOrDefault(standing.Id);

    private void OnChange(WatchState state)
    {
        var before = _known.Count;
        _missing.Clear();
        _missing.AddRange(_known.Keys);
        _known.Clear();
        foreach (var tier in Enum.GetValues<InstanceTier>())
        {
            foreach (var entry in state.Set[tier].Entries)
            {
                _known[entry.Instance.Id] = entry.Instance;
                _missing.Remove(entry.Instance.Id);
            }
        }

        world.Trace.Add(process.Name, $"knows {string.Join(',', _known.Keys.Order(StringComparer.Ordinal))} ({state.Snapshot.Source})");
        foreach (var lost in _missing)
        {
            if (!_excused.ContainsKey(lost))
            {
                world.Violate(Invariant.RegisteredIsNeverLost, $"{process.Name} has lost {lost}, which has never left the registry.");
            }
        }

        if (before > 0 && _known.Count == 0)
        {
            CheckEmptied();
        }

        ExcuseNoLonger(state);
    }

    // The incarnation alone does not tell: one from before a wipe may be, by chance, the one after it. While the process still has
    // what it had when the instance left, it may not have heard of its return.
    private void ExcuseNoLonger(WatchState state)
    {
        foreach (var (id, instance) in state.Snapshot.Source == SnapshotSource.Live && _excused.Count > 0 ? _known : [])
        {
            if (_excused.TryGetValue(id, out var before) && !ReferenceEquals(instance, before)
                && world.Registry.Find(World.Service, id) is { } standing && standing.Instance.Incarnation == instance.Incarnation)
            {
                _excused.Remove(id);
            }
        }
    }

    private void CheckEmptied()
    {
        foreach (var id in _missing)
        {
            if (world.LastRemovalOf(id) is { Removal: Removal.Wiped } wiped && world.Clock.Now - wiped.At < process.Settings.EmptyHold
                && wiped.Owner.IsReachable && !wiped.Owner.WasSuspendedSince(wiped.At))
            {
                world.Violate(Invariant.WipeEmptiesNobody, $"{process.Name} knows nobody any more, and {wiped.Owner.Name} still answers as {id}.");
            }
        }
    }

    private void CheckSource(ServiceSnapshot snapshot)
    {
        var now = world.Clock.Now;
        if (snapshot.Source != SnapshotSource.Live)
        {
            if (snapshot.Source == SnapshotSource.Stale && snapshot.Age < TimeSpan.Zero)
            {
                world.Violate(Invariant.SourceTellsTheTruth, $"{process.Name} says that it will know in {-snapshot.Age}.");
            }

            return;
        }

        if (snapshot.Age != TimeSpan.Zero)
        {
            world.Violate(Invariant.SourceTellsTheTruth, $"{process.Name} says live and {snapshot.Age} old.");
        }

        var isCut = process.Link.State != LinkState.Up || !world.Registry.IsUp;
        var since = process.DisturbedAt;
        if (isCut && !process.Clock.IsSuspended && !process.WasSuspendedSince(since) && now - since > world.Registry.Unheard(process.Link.State))
        {
            world.Violate(Invariant.SourceTellsTheTruth, $"{process.Name} has not been able to hear the registry since {since}, and says live.");
        }
    }

    private void CheckAgainstRegistry()
    {
        var quiet = world.Clock.Now - world.Registry.ChangedAt.GetValueOrDefault(World.Service);
        if (quiet < Seeing)
        {
            return;
        }

        var count = 0;
        foreach (var standing in world.Registry.Of(World.Service))
        {
            count++;
            var known = _known.GetValueOrDefault(standing.Id);
            if (known is null || !ModelRegistry.IsSame(standing, known))
            {
                world.Violate(Invariant.NewIsSeen, $"{process.Name} knows {Say(known)}, and {Say(standing.Instance)} stands in the registry.");
            }

            _excused.Remove(standing.Id); // it must have heard of it by now, if only of one that is as it was
        }

        if (quiet >= process.Times.Forgetting && process.UndisturbedFor >= Times.Watching + process.Times.Forgetting
            && (_known.Count != count || _state!.Snapshot.Source != SnapshotSource.Live))
        {
            world.Violate(Invariant.GoneIsForgotten,
                $"{process.Name} knows {string.Join(',', _known.Keys)} ({_state!.Snapshot.Source}), and {count} stand in the registry.");
        }
    }

    private static string Say(ServiceInstance? instance) =>
        instance is null ? "nothing" : $"{instance.Id} {instance.Health} of weight {instance.Weight} at {instance.Endpoints[0]}, incarnation {instance.Incarnation}";
}
