namespace Discovery.Hosting.LoadBalancing;

/// <summary>Draws candidates by chance, each as likely as its weight says.</summary>
internal static class WeightedDraw
{
    // Weights far apart could be turned down for ever; by then a look at all of them is cheaper.
    private const int MaxDraws = 32;

    /// <summary>Whether a candidate that all are as likely to be drawn as is to be taken: by its weight against the greatest.</summary>
    public static bool Accepts(PickCandidate candidate, double maxWeight, Random random) =>
        candidate.Weight is var weight && (weight >= maxWeight || random.NextDouble() * maxWeight < weight);

    public static int From(in PickContext context, Random random)
    {
        var candidates = context.Candidates;
        var max = context.MaxWeight;
        for (var i = 0; i < MaxDraws; i++)
        {
            var drawn = random.Next(candidates.Count);
            if (Accepts(candidates[drawn], max, random))
            {
                return drawn;
            }
        }

        return FromAll(candidates, random);
    }

    /// <summary>What the policy chooses, as often as it must be asked for a choice that its weight lets pass.</summary>
    public static int ByPolicy(ILoadBalancingPolicy policy, in PickContext context, Random random)
    {
        var max = context.MaxWeight;
        for (var i = 0; i < MaxDraws; i++)
        {
            var chosen = policy.Pick(context);
            if (Accepts(context.Candidates[chosen], max, random))
            {
                return chosen;
            }
        }

        return FromAll(context.Candidates, random);
    }

    private static int FromAll(IReadOnlyList<PickCandidate> candidates, Random random)
    {
        var left = random.NextDouble() * CallTotal.Of(candidates).Weight;
        var drawn = 0;
        while (drawn < candidates.Count - 1 && (left -= candidates[drawn].Weight) >= 0)
        {
            drawn++;
        }

        return drawn;
    }
}
