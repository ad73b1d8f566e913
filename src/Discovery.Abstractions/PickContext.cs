namespace Discovery;

/// <summary>What a load-balancing policy chooses from and by.</summary>
public readonly ref struct PickContext
{
    private readonly ref readonly PickRequest _request;

    /// <summary>Creates a context.</summary>
    /// <param name="candidates">The instances that would do; at least one.</param>
    /// <param name="request">What the call needs.</param>
    /// <param name="state">What the policy remembers of the service.</param>
    /// <param name="timestamp">Now, for policies that track load; 0 for others.</param>
    /// <param name="timestampFrequency">Units of <paramref name="timestamp"/> per second.</param>
    public PickContext(IReadOnlyList<PickCandidate> candidates, in PickRequest request, object? state = null, long timestamp = 0, long timestampFrequency = 1)
    {
        Candidates = candidates;
        _request = ref request;
        State = state;
        Timestamp = timestamp;
        TimestampFrequency = timestampFrequency;
    }

    /// <summary>The instances that would do; at least one. The same object as long as nothing about the service has changed.</summary>
    public IReadOnlyList<PickCandidate> Candidates { get; }

    /// <summary>What the call needs.</summary>
    public ref readonly PickRequest Request => ref _request;

    /// <summary>What the policy remembers of the service: what its <see cref="ILoadBalancingPolicy.CreateState"/> returned.</summary>
    public object? State { get; }

    /// <summary>Now, on the clock of <see cref="PickCandidate.LastPickedAt"/>; 0 where the policy does not track load.</summary>
    public long Timestamp { get; }

    /// <summary>Units of <see cref="Timestamp"/> per second.</summary>
    public long TimestampFrequency { get; }
}
