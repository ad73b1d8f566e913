namespace Discovery;

/// <summary>Chooses among the instances that would do for a call. Found by its name (<c>Discovery:Client:LoadBalancing</c>) among those in DI.</summary>
/// <remarks>
/// One object serves all services, concurrently: what a policy must remember is kept per service in <see cref="PickContext.State"/>
/// and per instance in <see cref="PickCandidate.State"/>. Health, scheme and tried instances are dealt with before it is asked.
/// </remarks>
public interface ILoadBalancingPolicy
{
    /// <summary>The name it is selected by, compared without regard to case.</summary>
    string Name { get; }

    /// <summary>
    /// Whether it reads the load of candidates (<see cref="PickCandidate.InFlight"/>, <see cref="PickCandidate.Latency"/>,
    /// <see cref="PickCandidate.LastPickedAt"/>). Keeping count costs each call two shared writes, so it is done on demand only.
    /// </summary>
    bool TracksLoad => false;

    /// <summary>Creates what the policy remembers of one service, once per service; null for nothing.</summary>
    object? CreateState() => null;

    /// <summary>Chooses one of the candidates. Called on the hot path by many threads at once: it should neither lock nor allocate.</summary>
    /// <param name="context">The candidates, of which there is at least one.</param>
    /// <returns>The index of the one to call, from 0 to below <c>context.Candidates.Count</c>.</returns>
    int Pick(in PickContext context);
}
