namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instance with the fewest calls in flight for its weight; of several, one by chance and weight. Looks at all of them for each call.</summary>
internal sealed class LeastRequestsPolicy(Chance chance) : ILoadBalancingPolicy
{
    public string Name => "LeastRequests";

    public bool TracksLoad => true;

    public bool AppliesWeights => true;

    public int Pick(in PickContext context)
    {
        // From anywhere on, so that callers who find all of them idle do not all take the first.
        var candidates = context.Candidates;
        var first = WeightedDraw.From(context, chance.Random);
        var least = first;
        for (var i = 1; i < candidates.Count; i++)
        {
            var next = first + i < candidates.Count ? first + i : first + i - candidates.Count;
            least = IsLess(candidates[next], candidates[least]) ? next : least;
        }

        return least;
    }

    /// <summary>Whether one has fewer calls in flight for its weight than the other.</summary>
    public static bool IsLess(PickCandidate one, PickCandidate other) => one.InFlight * other.Weight < other.InFlight * one.Weight;
}
