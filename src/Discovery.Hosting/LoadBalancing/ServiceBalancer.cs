using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Picks for one service: a stage that leaves the instances that would do, then the service's policy.</summary>
internal sealed class ServiceBalancer
{
    private readonly ILoadBalancingPolicy _policy;
    private readonly object? _state;
    private readonly TimeProvider _time;
    private readonly bool _tracksLoad;

    public ServiceBalancer(ILoadBalancingPolicy policy, TimeProvider time)
    {
        _policy = policy;
        _state = policy.CreateState();
        _time = time;
        _tracksLoad = policy.TracksLoad;
    }

    public ILoadBalancingPolicy Policy => _policy;

    public bool TryPick(InstanceSet set, in PickRequest request, out PickedEndpoint picked)
    {
        if (request.Tried is { Count: > 0 } tried)
        {
            return TryPickAmongAll(set, request, tried, out picked) || TryPickAmongAll(set, request, null, out picked);
        }

        return request.Scheme is null or "http" or "https"
            ? TryPickPreferred(set, request, request.Scheme, out picked)
            : TryPickAlternatives(set, request, out picked);
    }

    /// <summary>Whether there is an instance with one of the schemes that was not tried.</summary>
    public static bool HasOther(InstanceSet set, string? scheme, IReadOnlyCollection<string>? tried)
    {
        var candidates = FilteredCandidates.OfThread;
        try
        {
            foreach (var alternative in scheme.AsSpan().Split('+'))
            {
                for (var tier = InstanceTier.Healthy; tier <= InstanceTier.Unhealthy && candidates.Count == 0; tier++)
                {
                    candidates.Fill(set[tier], scheme.AsSpan()[alternative], tried);
                }
            }

            return candidates.Count > 0;
        }
        finally
        {
            candidates.Clear();
        }
    }

    private bool TryPickAlternatives(InstanceSet set, in PickRequest request, out PickedEndpoint picked)
    {
        foreach (var alternative in request.Scheme.AsSpan().Split('+'))
        {
            if (TryPickPreferred(set, request, request.Scheme.AsSpan()[alternative], out picked))
            {
                return true;
            }
        }

        picked = default;
        return false;
    }

    // The usual case: all the preferred instances have the scheme, so that none need be looked at but the one that is picked.
    private bool TryPickPreferred(InstanceSet set, in PickRequest request, ReadOnlySpan<char> scheme, out PickedEndpoint picked)
    {
        var preferred = set.Preferred;
        if (preferred.Count > 0 && preferred.CountOf(scheme) == preferred.Count)
        {
            var entry = preferred[Choose(preferred, request, out var now)];
            picked = Pick(entry, entry.Find(scheme)!, now);
            return true;
        }

        return TryPickOf(set, request, scheme, null, out picked);
    }

    private bool TryPickAmongAll(InstanceSet set, in PickRequest request, IReadOnlyCollection<string>? tried, out PickedEndpoint picked)
    {
        foreach (var alternative in request.Scheme.AsSpan().Split('+'))
        {
            if (TryPickOf(set, request, request.Scheme.AsSpan()[alternative], tried, out picked))
            {
                return true;
            }
        }

        picked = default;
        return false;
    }

    private bool TryPickOf(
        InstanceSet set, in PickRequest request, ReadOnlySpan<char> scheme, IReadOnlyCollection<string>? tried, out PickedEndpoint picked)
    {
        var candidates = FilteredCandidates.OfThread;
        try
        {
            for (var tier = InstanceTier.Healthy; tier <= InstanceTier.Unhealthy && candidates.Count == 0; tier++)
            {
                candidates.Fill(set[tier], scheme, tried);
            }

            if (candidates.Count == 0)
            {
                picked = default;
                return false;
            }

            var entry = candidates[Choose(candidates, request, out var now)];
            picked = Pick(entry, entry.Find(scheme)!, now);
            return true;
        }
        finally
        {
            candidates.Clear();
        }
    }

    private int Choose(IReadOnlyList<PickCandidate> candidates, in PickRequest request, out long now)
    {
        now = _tracksLoad ? _time.GetTimestamp() : 0;
        return _policy.Pick(new PickContext(candidates, request, _state, now, _time.TimestampFrequency));
    }

    private PickedEndpoint Pick(InstanceEntry entry, EndpointAddress address, long now)
    {
        if (!_tracksLoad)
        {
            return new(entry, address, null, 0);
        }

        entry.Load.Begin(now);
        return new(entry, address, entry.Load, now);
    }
}
