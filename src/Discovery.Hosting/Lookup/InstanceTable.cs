using Discovery.Hosting.LoadBalancing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Lookup;

/// <summary>The writer's side of a service's instances, by ID. Not thread-safe.</summary>
/// <param name="detector">Knows which instances are near, and starts slowly those that join.</param>
/// <param name="touched">Is told the ID of each instance that changes, comes or goes; null where nobody asks.</param>
/// <param name="hostOf">Gives the name that an instance's addresses were resolved from, which it is to be told; null where addresses are what is announced.</param>
internal sealed class InstanceTable(OutlierDetector detector, ICollection<string>? touched = null, Func<ServiceInstance, string?>? hostOf = null)
{
    private readonly Dictionary<string, InstanceSlot> _slots = new(StringComparer.Ordinal);
    private readonly InstanceTiers _tiers = new(detector);
    private readonly TimeProvider _time = detector.Time;
    private InstanceChanges? _changes;
    private int _listing;

    public int Count => _slots.Count;

    public int HeldCount => _tiers.HeldCount;

    public int ListedCount => Count - HeldCount;

    /// <summary>How many are listed, may be called and are not ejected.</summary>
    public int UsableCount => _tiers.UsableCount;

    public int EjectedCount => _tiers.EjectedCount;

    /// <summary>Whether there are instances that time alone changes: ejected ones, and those in a slow start.</summary>
    public bool NeedsAttention => EjectedCount > 0 || _tiers.HasStarting;

    public IEnumerable<InstanceSlot> Slots => _slots.Values;

    public IReadOnlyList<HeldInstance> Held
    {
        get
        {
            var held = new List<HeldInstance>(HeldCount);
            foreach (var slot in _slots.Values)
            {
                if (slot.HeldAt is { } since)
                {
                    held.Add(new(slot.Entry.Instance.Id, slot.Entry.Instance.Endpoints[0], since));
                }
            }

            return held;
        }
    }

    /// <summary>Since when the first of the held instances is held; null where none is.</summary>
    public long? HeldSince => HeldCount > 0 ? Held.Min(held => held.HeldAt) : null;

    public InstanceSlot? Find(string id) => _slots.GetValueOrDefault(id);

    /// <summary>Begins a complete listing: what is not upserted after this is <see cref="Missing"/>.</summary>
    public void BeginListing() => _listing++;

    /// <summary>The listed instances that the listing begun last has not named.</summary>
    public List<InstanceSlot> Missing() => [.. _slots.Values.Where(slot => slot.Listing != _listing && slot.HeldAt is null)];

    /// <summary>What has changed since this was last asked; null for nothing.</summary>
    public InstanceChanges? TakeChanges()
    {
        var changes = _changes;
        _changes = null;
        return changes;
    }

    /// <summary>Adds an instance or replaces it by its new state; a held one is listed again.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="joins">Whether it joins others that are being called, and starts slowly if it is new.</param>
    /// <returns>Whether that changed anything.</returns>
    public bool Upsert(ServiceInstance instance, bool joins)
    {
        if (!_slots.TryGetValue(instance.Id, out var slot))
        {
            Add(EntryOf(instance, NewLoad(joins)));
            Note(DiscoveryEventKind.InstanceJoined, instance);
            return true;
        }

        slot.Listing = _listing;
        if (slot.HeldAt is null && slot.Entry.Instance.Equals(instance))
        {
            return false;
        }

        // What says that it cannot serve is as good as gone; when it can again, it comes anew.
        var (before, load) = (slot.Entry.Instance, slot.Entry.Load);
        Note(
            slot.HeldAt is not null ? DiscoveryEventKind.InstanceJoined
                : before.Health != instance.Health ? DiscoveryEventKind.HealthChanged
                : DiscoveryEventKind.InstanceChanged,
            instance);
        if (before.Incarnation != instance.Incarnation)
        {
            load = NewLoad(joins);
        }
        else if (before.Health is HealthStatus.Unhealthy && instance.Health is not HealthStatus.Unhealthy && joins)
        {
            StartSlowly(load);
        }

        Move(slot, EntryOf(instance, load), heldAt: null);
        return true;
    }

    /// <summary>Makes the table hold these instances and no others.</summary>
    public void Replace(IReadOnlyList<ServiceInstance> instances)
    {
        BeginListing();
        var joins = Count > 0;
        foreach (var instance in instances)
        {
            Upsert(instance, joins);
        }

        Missing().ForEach(Remove);
    }

    /// <summary>Keeps an instance that the registry no longer lists, whether or not it is still in the table.</summary>
    public void Hold(InstanceEntry entry)
    {
        var slot = Find(entry.Instance.Id) ?? Add(entry);
        if (slot.HeldAt is null)
        {
            Move(slot, slot.Entry, heldAt: _time.GetTimestamp());
        }
    }

    public void Remove(InstanceSlot slot)
    {
        _slots.Remove(slot.Entry.Instance.Id);
        _tiers.Remove(slot);
        touched?.Add(slot.Entry.Instance.Id);
        Note(DiscoveryEventKind.InstanceLeft, slot.Entry.Instance);
    }

    /// <summary>Puts an instance where its ejection, its slow start and the settings now want it.</summary>
    /// <returns>Whether that changed anything for who picks.</returns>
    public bool Refresh(InstanceSlot slot)
    {
        slot.Entry.Load.Ramp(detector.Settings.SlowStart, _time.GetTimestamp());
        var entry = slot.Entry.WithCurrentShare();
        if (entry == slot.Entry && _tiers.TierOf(entry, slot.HeldAt) == slot.Tier)
        {
            return false;
        }

        Move(slot, entry, slot.HeldAt);
        return true;
    }

    /// <inheritdoc cref="Refresh(InstanceSlot)"/>
    public bool Refresh()
    {
        var changed = false;
        foreach (var slot in _slots.Values)
        {
            changed |= Refresh(slot);
        }

        return changed;
    }

    public InstanceSet Build() => _tiers.Build();

    private void Note(DiscoveryEventKind kind, ServiceInstance instance) => (_changes ??= new()).Add(kind, instance);

    private InstanceEntry EntryOf(ServiceInstance instance, InstanceLoad load) => new(instance, load, hostOf?.Invoke(instance));

    private InstanceSlot Add(InstanceEntry entry)
    {
        var slot = new InstanceSlot(entry) { Listing = _listing };
        _slots.Add(entry.Instance.Id, slot);
        _tiers.Add(slot);
        touched?.Add(entry.Instance.Id);
        return slot;
    }

    private void Move(InstanceSlot slot, InstanceEntry entry, long? heldAt)
    {
        _tiers.Move(slot, entry, heldAt);
        touched?.Add(entry.Instance.Id);
    }

    private InstanceLoad NewLoad(bool joins)
    {
        var load = new InstanceLoad(detector);
        if (joins)
        {
            StartSlowly(load);
        }

        return load;
    }

    private void StartSlowly(InstanceLoad load)
    {
        var now = _time.GetTimestamp();
        load.StartingSince = now;
        load.Ramp(detector.Settings.SlowStart, now);
    }
}
