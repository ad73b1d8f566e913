using Discovery.Hosting.LoadBalancing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Hosting.Lookup;

/// <summary>A service's instances by how much they are wanted, with what must be known of all of them together. Not thread-safe.</summary>
/// <param name="detector">Its settings say which instances are near.</param>
internal sealed class InstanceTiers(OutlierDetector detector)
{
    private readonly TierBuilder[] _tiers = [.. Enum.GetValues<InstanceTier>().Select(_ => new TierBuilder())];
    private readonly Dictionary<string, int> _zones = new(StringComparer.OrdinalIgnoreCase);

    public int HeldCount { get; private set; }

    /// <summary>How many are listed, may be called and are not ejected.</summary>
    public int UsableCount => CountOf(InstanceTier.HealthyNear) + CountOf(InstanceTier.Healthy) + CountOf(InstanceTier.DegradedNear) + CountOf(InstanceTier.Degraded);

    public int EjectedCount => CountOf(InstanceTier.Ejected);

    /// <summary>Whether any is in a slow start.</summary>
    public bool HasStarting => _tiers.Any(tier => tier.Starting > 0);

    /// <summary>Adds one that is listed.</summary>
    public void Add(InstanceSlot slot)
    {
        slot.Tier = TierOf(slot.Entry, null);
        _tiers[(int)slot.Tier].Add(slot);
        Tally(slot, 1);
    }

    public void Remove(InstanceSlot slot)
    {
        _tiers[(int)slot.Tier].Remove(slot);
        Tally(slot, -1);
    }

    /// <summary>Gives a slot another entry, and the tier that goes with it.</summary>
    public void Move(InstanceSlot slot, InstanceEntry entry, long? heldAt)
    {
        Tally(slot, -1);
        var tier = TierOf(entry, heldAt);
        if (tier == slot.Tier)
        {
            _tiers[(int)tier].Replace(slot, entry);
        }
        else
        {
            _tiers[(int)slot.Tier].Remove(slot);
            (slot.Entry, slot.Tier) = (entry, tier);
            _tiers[(int)tier].Add(slot);
        }

        slot.HeldAt = heldAt;
        Tally(slot, 1);
    }

    public InstanceTier TierOf(InstanceEntry entry, long? heldAt) => entry.Instance switch
    {
        { Health: HealthStatus.Unhealthy } => InstanceTier.Unhealthy,
        _ when heldAt is not null => InstanceTier.Held,
        { Weight: <= 0 } => InstanceTier.Idle,
        _ when entry.Load.Ejection is not null => InstanceTier.Ejected,
        { Health: HealthStatus.Degraded } instance => detector.Settings.IsNear(instance) ? InstanceTier.DegradedNear : InstanceTier.Degraded,
        var instance => detector.Settings.IsNear(instance) ? InstanceTier.HealthyNear : InstanceTier.Healthy,
    };

    public InstanceSet Build()
    {
        TierView[] views = [.. _tiers.Select(tier => tier.Build())];
        return new(views, CandidateOrder.Of(views, _zones.Count, detector.Settings));
    }

    // Zones count while an instance in them is listed.
    private void Tally(InstanceSlot slot, int change)
    {
        if (slot.HeldAt is not null)
        {
            HeldCount += change;
            return;
        }

        var zone = slot.Entry.Instance.Zone ?? "";
        if ((_zones[zone] = _zones.GetValueOrDefault(zone) + change) == 0)
        {
            _zones.Remove(zone);
        }
    }

    private int CountOf(InstanceTier tier) => _tiers[(int)tier].Count;
}
