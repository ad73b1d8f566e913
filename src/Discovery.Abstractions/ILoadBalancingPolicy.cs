namespace Discovery;

/// <summary>Chooses among the instances that would do for a call. Found by its name (<c>Discovery:Client:LoadBalancing</c>) among those in DI.</summary>
/// <remarks>
/// One object serves all services, concurrently: what a policy must remember is kept per service in <see cref="PickContext.State"/>
/// and per instance in <see cref="PickCandidate.State"/>. Health, ejections, zones, scheme and tried instances are dealt with before it is asked,
/// and so are weights and slow start where it does not apply them itself (<see cref="AppliesWeights"/>).
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

    /// <summary>
    /// Whether it gives the candidates their shares by <see cref="PickCandidate.Weight"/> itself. Where it does not, and weights differ, it is
    /// asked again as often as chance passes over a lighter candidate than the heaviest, so that shares are by weight under any policy.
    /// </summary>
    bool AppliesWeights => false;

    /// <summary>Whether it reads <see cref="PickRequest.Key"/>. Finding a call's key costs something, so it is done on demand only.</summary>
    bool UsesKey => false;

    /// <summary>Creates what the policy remembers of one service, once per service; null for nothing.</summary>
    object? CreateState() => null;

    /// <summary>Chooses one of the candidates. Called on the hot path by many threads at once: it should neither lock nor allocate.</summary>
    /// <param name="context">The candidates, of which there is at least one.</param>
    /// <returns>The index of the one to call, from 0 to below <c>context.Candidates.Count</c>.</returns>
    int Pick(in PickContext context);
}
