using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>All that is known of a service's instances at one moment, by tier, and in which order they are called. Immutable.</summary>
internal sealed class InstanceSet
{
    private static long s_versions;

    private readonly TierView[] _tiers;
    private readonly CandidateOrder _order;

    public InstanceSet(TierView[] tiers, CandidateOrder order)
    {
        _tiers = tiers;
        _order = order;
        Preferred = order.Groups.Count > 0 ? order.Groups[0] : CandidateList.Empty;

        Uniform = Preferred.Count > 0 && Preferred.Weights.Min >= Preferred.Weights.Max && LocalShare >= 1 ? Preferred.OnlyTier : null;

        // Two numbers: the second is that of the group in other zones.
        Version = Interlocked.Add(ref s_versions, 2);
    }

    public static InstanceSet Empty { get; } = new([.. Enum.GetValues<InstanceTier>().Select(_ => TierView.Empty)], CandidateOrder.Empty);

    /// <summary>That of <see cref="Preferred"/>; never 0, and never the same for two sets.</summary>
    public long Version { get; }

    /// <summary>What a call that asks for nothing in particular chooses from first.</summary>
    public CandidateList Preferred { get; }

    /// <summary>
    /// <see cref="Preferred"/>, where a call that asks for nothing in particular may go to any of them alike: none has more weight than another, and no calls go
    /// to another zone. Null otherwise, and where they are of several tiers.
    /// </summary>
    public ChunkedList<TierMember>? Uniform { get; }

    /// <summary>All instances in groups, the most preferred first; none is empty.</summary>
    public IReadOnlyList<CandidateList> Groups => _order.Groups;

    /// <summary>The part of the calls for <see cref="Preferred"/>; the rest go to the second group first.</summary>
    public double LocalShare => _order.LocalShare;

    public int Count => _tiers.Sum(tier => tier.Count);

    /// <summary>What callers should use: the healthy and degraded ones, or, where there are none, all.</summary>
    public IReadOnlyList<ServiceInstance> Callable
    {
        get
        {
            var usable = new InstanceList(_tiers, (int)InstanceTier.Idle + 1);
            return usable.Count > 0 ? usable : new InstanceList(_tiers, _tiers.Length);
        }
    }

    public TierView this[InstanceTier tier] => _tiers[(int)tier];
}
