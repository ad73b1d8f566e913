using Discovery.Hosting.LoadBalancing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Lookup;

/// <summary>The writer's side of a service's instances, by ID and by tier. Not thread-safe.</summary>
internal sealed class InstanceTable(TimeProvider time)
{
    private readonly Dictionary<string, InstanceSlot> _slots = new(StringComparer.Ordinal);
    private readonly TierBuilder[] _tiers = [.. Enum.GetValues<InstanceTier>().Select(_ => new TierBuilder())];
    private int _listing;

    public int Count => _slots.Count;

    public int HeldCount { get; private set; }

    public int ListedCount => Count - HeldCount;

    public IEnumerable<InstanceSlot> Slots => _slots.Values;

    public InstanceSlot? Find(string id) => _slots.GetValueOrDefault(id);

    /// <summary>Begins a complete listing: what is not upserted after this is <see cref="Missing"/>.</summary>
    public void BeginListing() => _listing++;

    /// <summary>The listed instances that the listing begun last has not named.</summary>
    public List<InstanceSlot> Missing() => [.. _slots.Values.Where(slot => slot.Listing != _listing && slot.HeldAt is null)];

    /// <summary>Adds an instance or replaces it by its new state; a held one is listed again.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Upsert(ServiceInstance instance)
    {
        if (!_slots.TryGetValue(instance.Id, out var slot))
        {
            Add(new InstanceEntry(instance, new InstanceLoad(time)));
            return true;
        }

        slot.Listing = _listing;
        if (slot.HeldAt is null && slot.Entry.Instance.Equals(instance))
        {
            return false;
        }

        HeldCount -= slot.HeldAt is null ? 0 : 1;
        slot.HeldAt = null;
        var load = slot.Entry.Instance.Incarnation == instance.Incarnation ? slot.Entry.Load : new InstanceLoad(time);
        Move(slot, new InstanceEntry(instance, load));
        return true;
    }

    /// <summary>Makes the table hold these instances and no others.</summary>
    public void Replace(IReadOnlyList<ServiceInstance> instances)
    {
        BeginListing();
        foreach (var instance in instances)
        {
            Upsert(instance);
        }

        Missing().ForEach(Remove);
    }

    /// <summary>Keeps an instance that the registry no longer lists, whether or not it is still in the table.</summary>
    public void Hold(InstanceEntry entry)
    {
        var slot = Find(entry.Instance.Id) ?? Add(entry);
        if (slot.HeldAt is null)
        {
            slot.HeldAt = time.GetTimestamp();
            HeldCount++;
            Move(slot, slot.Entry);
        }
    }

    public void Remove(InstanceSlot slot)
    {
        _slots.Remove(slot.Entry.Instance.Id);
        _tiers[(int)slot.Tier].Remove(slot);
        HeldCount -= slot.HeldAt is null ? 0 : 1;
    }

    public InstanceSet Build() => new([.. _tiers.Select(tier => tier.Build())]);

    private InstanceSlot Add(InstanceEntry entry)
    {
        var slot = new InstanceSlot(entry) { Listing = _listing };
        slot.Tier = TierOf(slot);
        _slots.Add(entry.Instance.Id, slot);
        _tiers[(int)slot.Tier].Add(slot);
        return slot;
    }

    private void Move(InstanceSlot slot, InstanceEntry entry)
    {
        var tier = TierOf(entry.Instance, slot.HeldAt is not null);
        if (tier == slot.Tier)
        {
            _tiers[(int)tier].Replace(slot, entry);
            return;
        }

        _tiers[(int)slot.Tier].Remove(slot);
        slot.Entry = entry;
        slot.Tier = tier;
        _tiers[(int)tier].Add(slot);
    }

    private static InstanceTier TierOf(InstanceSlot slot) => TierOf(slot.Entry.Instance, slot.HeldAt is not null);

    private static InstanceTier TierOf(ServiceInstance instance, bool held) => instance switch
    {
        { Health: HealthStatus.Unhealthy } => InstanceTier.Unhealthy,
        _ when held => InstanceTier.Held,
        { Weight: <= 0 } => InstanceTier.Idle,
        { Health: HealthStatus.Degraded } => InstanceTier.Degraded,
        _ => InstanceTier.Healthy,
    };
}
