using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Picks for one service: a stage that leaves the instances that would do, then the service's policy, and weights where that has no eye for them.</summary>
internal sealed class ServiceBalancer
{
    private readonly ILoadBalancingPolicy _policy;
    private readonly object? _state;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly long _timestampFrequency;
    private readonly bool _tracksLoad;
    private readonly bool _appliesWeights;

    public ServiceBalancer(ILoadBalancingPolicy policy, TimeProvider time, Chance chance)
    {
        _policy = policy;
        _state = policy.CreateState();
        _time = time;
        _timestampFrequency = time.TimestampFrequency;
        _random = chance.Random;
        _tracksLoad = policy.TracksLoad;
        _appliesWeights = policy.AppliesWeights;
        UsesKey = policy.UsesKey;
    }

    public ILoadBalancingPolicy Policy => _policy;

    public bool UsesKey { get; }

    /// <summary>How calls that ask for nothing in particular are picked for, where they need only take turns; null where there is more to it.</summary>
    public Rotation? RotationOf(InstanceSet set) =>
        _policy is RoundRobinPolicy && set.Uniform is { } uniform ? new(uniform, (StripedCounter)_state!) : null;

    public PickedEndpoint Pick(InstanceSet set, in PickRequest request)
    {
        if (request.Tried is { Count: > 0 } tried)
        {
            return PickAmongAll(set, request, tried) is { IsFound: true } picked ? picked : PickAmongAll(set, request, null);
        }

        if (request.Among is not null)
        {
            return PickAmongAll(set, request, null);
        }

        return request.Scheme is null or "http" or "https" ? PickPreferred(set, request, request.Scheme) : PickAlternatives(set, request);
    }

    /// <summary>Whether there is an instance with one of the schemes that was not tried.</summary>
    public static bool HasOther(InstanceSet set, string? scheme, IReadOnlyCollection<string>? tried)
    {
        var candidates = FilteredCandidates.OfThread;
        try
        {
            foreach (var alternative in scheme.AsSpan().Split('+'))
            {
                if (candidates.Count == 0)
                {
                    candidates.Fill(set.Groups, 0, scheme.AsSpan()[alternative], tried, among: null);
                }
            }

            return candidates.Count > 0;
        }
        finally
        {
            candidates.Clear();
        }
    }

    private PickedEndpoint PickAlternatives(InstanceSet set, in PickRequest request)
    {
        foreach (var alternative in request.Scheme.AsSpan().Split('+'))
        {
            if (PickPreferred(set, request, request.Scheme.AsSpan()[alternative]) is { IsFound: true } picked)
            {
                return picked;
            }
        }

        return default;
    }

    // The usual case: all the preferred instances have the scheme, so that none need be looked at but the one that is picked.
    private PickedEndpoint PickPreferred(InstanceSet set, in PickRequest request, ReadOnlySpan<char> scheme)
    {
        var first = GroupFor(set, request);
        var preferred = first == 0 ? set.Preferred : set.Groups[first];
        if (preferred.Count > 0 && preferred.CountOf(scheme) == preferred.Count)
        {
            var entry = preferred[Choose(preferred, preferred.Weights, set.Version + first, request, out var now)];
            return Pick(entry.Find(scheme), now);
        }

        return PickOf(set, first, request, scheme, null);
    }

    private PickedEndpoint PickAmongAll(InstanceSet set, in PickRequest request, IReadOnlyCollection<string>? tried)
    {
        var first = GroupFor(set, request);
        foreach (var alternative in request.Scheme.AsSpan().Split('+'))
        {
            if (PickOf(set, first, request, request.Scheme.AsSpan()[alternative], tried) is { IsFound: true } picked)
            {
                return picked;
            }
        }

        return default;
    }

    private PickedEndpoint PickOf(InstanceSet set, int first, in PickRequest request, ReadOnlySpan<char> scheme, IReadOnlyCollection<string>? tried)
    {
        var candidates = FilteredCandidates.OfThread;
        try
        {
            candidates.Fill(set.Groups, first, scheme, tried, request.Among);
            if (candidates.Count == 0)
            {
                return default;
            }

            var entry = candidates[Choose(candidates, candidates.Weights, 0, request, out var now)];
            return Pick(entry.Find(scheme), now);
        }
        finally
        {
            candidates.Clear();
        }
    }

    // Chance decides which calls leave the zone; with a key, the key does, so that it stays where it is.
    private int GroupFor(InstanceSet set, in PickRequest request)
    {
        if (set.LocalShare >= 1)
        {
            return 0;
        }

        var drawn = UsesKey && request.Key is { } key ? StableHash.ToFraction(StableHash.Mix(StableHash.Of(key))) : _random.NextDouble();
        return drawn < set.LocalShare ? 0 : 1;
    }

    private int Choose(IReadOnlyList<PickCandidate> candidates, (double Min, double Max) weights, long version, in PickRequest request, out long now)
    {
        now = _tracksLoad ? Math.Max(1, _time.GetTimestamp()) : 0;
        var context = new PickContext(candidates, request, _state, version, now, _timestampFrequency, weights);
        return _appliesWeights || context.HasEqualWeights ? _policy.Pick(context) : WeightedDraw.ByPolicy(_policy, context, _random);
    }

    private PickedEndpoint Pick(EndpointAddress? address, long now)
    {
        if (_tracksLoad)
        {
            address?.Load.Begin(now);
        }

        return new(address, now);
    }
}
