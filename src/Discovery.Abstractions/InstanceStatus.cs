namespace Discovery;

/// <summary>An instance as this process sees it: what its registry says, and what calling it has taught.</summary>
public sealed record InstanceStatus
{
    /// <summary>The instance.</summary>
    public required ServiceInstance Instance { get; init; }

    /// <summary>
    /// The registries that list it, by <see cref="IServiceRegistry.Description"/>, in the order in which configuration names them; of one that is lost, what it listed last.
    /// Empty for an instance that is held, or comes from static configuration or DNS.
    /// </summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>Since when this process knows it as it was registered last; earlier for the registry than for a process that has started since.</summary>
    public required DateTimeOffset KnownSince { get; init; }

    /// <summary>Whether it is missing from the registry and kept because it is not proven dead.</summary>
    public required bool IsHeld { get; init; }

    /// <summary>Whether calls that ask for nothing in particular may be sent to it now.</summary>
    public required bool IsCandidate { get; init; }

    /// <summary>Its present weight: that of <see cref="ServiceInstance.Weight"/>, less in a slow start.</summary>
    public required double Weight { get; init; }

    /// <summary>Whether it is in a slow start, having joined a running service or come back from an ejection.</summary>
    public required bool IsStartingSlowly { get; init; }

    /// <summary>Why it gets no calls, or null while it is not ejected.</summary>
    public EjectionReason? EjectedFor { get; init; }

    /// <summary>When the ejection ends at the earliest, or null while it is not ejected.</summary>
    public DateTimeOffset? EjectedUntil { get; init; }

    /// <summary>Picks of this process that were reported on, or, under a policy that tracks load, made; since the instance was registered.</summary>
    public required long Picks { get; init; }

    /// <summary>Of these, those that ended in a failure that speaks against the instance.</summary>
    public required long Failures { get; init; }

    /// <summary>Calls of this process that it has not answered yet; 0 where the policy does not track load.</summary>
    public required int InFlight { get; init; }

    /// <summary>How long it takes to answer, see <see cref="PickCandidate.Latency"/>; zero where unknown.</summary>
    public required TimeSpan Latency { get; init; }
}
