namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instance with the fewest calls in flight for its weight. Looks at all of them for each call.</summary>
internal sealed class LeastRequestsPolicy : ILoadBalancingPolicy
{
    public string Name => "LeastRequests";

    public bool TracksLoad => true;

    public int Pick(in PickContext context)
    {
        // From anywhere on, so that callers who find all of them idle do not all take the first.
        var candidates = context.Candidates;
        var least = Random.Shared.Next(candidates.Count);
        for (var i = least + 1; i < candidates.Count; i++)
        {
            least = IsLess(candidates[i], candidates[least]) ? i : least;
        }

        for (var i = 0; i < candidates.Count; i++)
        {
            least = IsLess(candidates[i], candidates[least]) ? i : least;
        }

        return least;
    }

    private static bool IsLess(PickCandidate one, PickCandidate other) =>
        (long)(one.InFlight + 1) * other.Instance.Weight < (long)(other.InFlight + 1) * one.Instance.Weight;
}
