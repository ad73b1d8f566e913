using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>The stage before the policy: which instances a call chooses from, by health, ejections and zone, and which if none of these would do.</summary>
internal sealed class CandidateOrder
{
    private readonly List<CandidateList> _groups = new(4);

    private CandidateOrder()
    {
    }

    public static CandidateOrder Empty { get; } = new();

    /// <summary>The most preferred first; none is empty.</summary>
    public IReadOnlyList<CandidateList> Groups => _groups;

    /// <summary>The part of the calls that the first group gets; the rest go to the second, which is in other zones.</summary>
    public double LocalShare { get; private set; } = 1;

    /// <param name="tiers">The instances by tier.</param>
    /// <param name="zones">How many zones they are in.</param>
    /// <param name="settings">What decides.</param>
    public static CandidateOrder Of(TierView[] tiers, int zones, BalancingSettings settings)
    {
        var order = new CandidateOrder();
        var healthy = Count(tiers, InstanceTier.HealthyNear, InstanceTier.Healthy);
        var degraded = Count(tiers, InstanceTier.DegradedNear, InstanceTier.Degraded);
        var ejected = Count(tiers, InstanceTier.Ejected);
        if (settings.AreTooFew(healthy + degraded, healthy + degraded + ejected))
        {
            // Panic: that so many fail may be the caller's own fault, and the few others would be overrun. Zones have no say.
            order.Add(tiers, InstanceTier.HealthyNear, InstanceTier.Healthy, InstanceTier.DegradedNear, InstanceTier.Degraded, InstanceTier.Ejected);
        }
        else
        {
            var all = healthy + degraded + ejected + Count(tiers, InstanceTier.Unhealthy);
            order.AddUsable(tiers, settings.AreTooFew(healthy, healthy + degraded), (double)all / Math.Max(1, zones), settings.ZonePreference);
            order.Add(tiers, InstanceTier.Ejected);
        }

        order.Add(tiers, InstanceTier.Idle);
        order.Add(tiers, InstanceTier.Held);
        order.Add(tiers, InstanceTier.Unhealthy);
        return order;
    }

    // Degraded instances join when too few are healthy, so that these are not overrun in turn.
    private void AddUsable(TierView[] tiers, bool degradedJoin, double fairCount, ZonePreferenceOptions preference)
    {
        var near = degradedJoin ? Count(tiers, InstanceTier.HealthyNear, InstanceTier.DegradedNear) : Count(tiers, InstanceTier.HealthyNear);
        if (near < preference.MinimumInstances)
        {
            Add(tiers, degradedJoin
                ? [InstanceTier.HealthyNear, InstanceTier.Healthy, InstanceTier.DegradedNear, InstanceTier.Degraded]
                : [InstanceTier.HealthyNear, InstanceTier.Healthy]);
        }
        else
        {
            Add(tiers, degradedJoin ? [InstanceTier.HealthyNear, InstanceTier.DegradedNear] : [InstanceTier.HealthyNear]);
            if (Add(tiers, degradedJoin ? [InstanceTier.Healthy, InstanceTier.Degraded] : [InstanceTier.Healthy]))
            {
                LocalShare = Math.Min(1, preference.Overprovisioning * near / fairCount);
            }
        }

        if (!degradedJoin)
        {
            Add(tiers, InstanceTier.DegradedNear, InstanceTier.Degraded);
        }
    }

    private bool Add(TierView[] tiers, params ReadOnlySpan<InstanceTier> of)
    {
        if (Count(tiers, of) == 0)
        {
            return false;
        }

        _groups.Add(new(tiers, of));
        return true;
    }

    private static int Count(TierView[] tiers, params ReadOnlySpan<InstanceTier> of)
    {
        var count = 0;
        foreach (var tier in of)
        {
            count += tiers[(int)tier].Count;
        }

        return count;
    }
}
