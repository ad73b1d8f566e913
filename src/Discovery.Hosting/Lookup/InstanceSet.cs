namespace Discovery.Hosting.Lookup;

/// <summary>All that is known of a service's instances at one moment, by tier. Immutable.</summary>
internal sealed class InstanceSet
{
    private readonly TierView[] _tiers;

    public InstanceSet(TierView[] tiers)
    {
        _tiers = tiers;
        Preferred = Prefer();
    }

    public static InstanceSet Empty { get; } = new([.. Enum.GetValues<InstanceTier>().Select(_ => TierView.Empty)]);

    /// <summary>What a call that asks for nothing in particular chooses from.</summary>
    public CandidateList Preferred { get; }

    public int Count => _tiers.Sum(tier => tier.Count);

    /// <summary>What callers should use: the healthy and degraded ones, or, where there are none, all.</summary>
    public IReadOnlyList<ServiceInstance> Callable
    {
        get
        {
            var usable = _tiers[..((int)InstanceTier.Idle + 1)];
            return new InstanceList(usable.Any(tier => tier.Count > 0) ? usable : _tiers);
        }
    }

    public IReadOnlyList<InstanceEntry> this[InstanceTier tier] => _tiers[(int)tier].Entries;

    // Degraded instances join when fewer than half of the usable ones are healthy, so that these are not overrun in turn
    // (the threshold is that of Envoy's panic mode).
    private CandidateList Prefer()
    {
        ref readonly var healthy = ref _tiers[(int)InstanceTier.Healthy];
        ref readonly var degraded = ref _tiers[(int)InstanceTier.Degraded];
        if (healthy.Count > 0 && healthy.Count < degraded.Count)
        {
            return new(healthy, degraded);
        }

        var first = Array.FindIndex(_tiers, tier => tier.Count > 0);
        return new(first < 0 ? TierView.Empty : _tiers[first], TierView.Empty);
    }
}
