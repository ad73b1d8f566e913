namespace Discovery;

/// <summary>What a load-balancing policy chooses from and by.</summary>
public readonly ref struct PickContext
{
    private readonly ref readonly PickRequest _request;
    private readonly (double Min, double Max) _weights;

    /// <summary>Creates a context.</summary>
    /// <param name="candidates">The instances that would do; at least one.</param>
    /// <param name="request">What the call needs.</param>
    /// <param name="state">What the policy remembers of the service.</param>
    /// <param name="version">Which candidates these are, see <see cref="Version"/>.</param>
    /// <param name="timestamp">Now, for policies that track load; 0 for others.</param>
    /// <param name="timestampFrequency">Units of <paramref name="timestamp"/> per second.</param>
    /// <param name="weights">The smallest and the greatest weight among the candidates; the default finds them out.</param>
    public PickContext(
        IReadOnlyList<PickCandidate> candidates,
        in PickRequest request,
        object? state = null,
        long version = 0,
        long timestamp = 0,
        long timestampFrequency = 1,
        (double Min, double Max) weights = default)
    {
        Candidates = candidates;
        _request = ref request;
        State = state;
        Version = version;
        Timestamp = timestamp;
        TimestampFrequency = timestampFrequency;
        _weights = weights.Max > 0 ? weights : FindWeights(candidates);
    }

    /// <summary>The instances that would do; at least one. Not to be kept: the list may be filled with others for the next call.</summary>
    public IReadOnlyList<PickCandidate> Candidates { get; }

    /// <summary>
    /// The same as long as the candidates of the service and all about them are, so that what was worked out from them may be kept;
    /// 0 for those of this call alone, which has asked for something in particular.
    /// </summary>
    public long Version { get; }

    /// <summary>What the call needs.</summary>
    public ref readonly PickRequest Request => ref _request;

    /// <summary>What the policy remembers of the service: what its <see cref="ILoadBalancingPolicy.CreateState"/> returned.</summary>
    public object? State { get; }

    /// <summary>Now, on the clock of <see cref="PickCandidate.LastPickedAt"/>; 0 where the policy does not track load.</summary>
    public long Timestamp { get; }

    /// <summary>Units of <see cref="Timestamp"/> per second.</summary>
    public long TimestampFrequency { get; }

    /// <summary>The greatest <see cref="PickCandidate.Weight"/> among the candidates.</summary>
    public double MaxWeight => _weights.Max;

    /// <summary>Whether all candidates have the same weight.</summary>
    public bool HasEqualWeights => _weights.Min >= _weights.Max;

    private static (double Min, double Max) FindWeights(IReadOnlyList<PickCandidate> candidates)
    {
        var (min, max) = (double.MaxValue, 0.0);
        for (var i = 0; i < candidates.Count; i++)
        {
            var weight = candidates[i].Weight;
            (min, max) = (Math.Min(min, weight), Math.Max(max, weight));
        }

        return (min, max);
    }
}
