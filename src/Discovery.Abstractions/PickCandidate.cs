namespace Discovery;

/// <summary>An instance that would do for a call, with what this process has learned from calling it.</summary>
/// <remarks>What was learned is kept while the instance changes, and starts afresh when its <see cref="ServiceInstance.Incarnation"/> does.</remarks>
public abstract class PickCandidate
{
    /// <summary>The instance.</summary>
    public abstract ServiceInstance Instance { get; }

    /// <summary>
    /// Its share of the load relative to the other candidates, above 0: <see cref="ServiceInstance.Weight"/> (at least 1), less in a slow start.
    /// The same as long as <see cref="PickContext.Version"/> is.
    /// </summary>
    public virtual double Weight => Math.Max(1, Instance.Weight);

    /// <summary>Calls of this process that it has not answered yet. 0 where the policy does not track load.</summary>
    public abstract int InFlight { get; }

    /// <summary>How long it takes to answer: a moving average that jumps to each peak and decays; zero where unknown.</summary>
    public abstract TimeSpan Latency { get; }

    /// <summary>When it was last picked, on the clock of <see cref="PickContext.Timestamp"/>; 0 where never or not tracked.</summary>
    public abstract long LastPickedAt { get; }

    /// <summary>What the policy in use remembers of the instance. May be what another policy left before the configuration was changed.</summary>
    public abstract object? State { get; set; }
}
