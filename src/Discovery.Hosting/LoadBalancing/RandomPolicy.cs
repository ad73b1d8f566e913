namespace Discovery.Hosting.LoadBalancing;

/// <summary>Any instance, all of one weight with the same chance.</summary>
internal sealed class RandomPolicy(Chance chance) : ILoadBalancingPolicy
{
    public string Name => "Random";

    public int Pick(in PickContext context) => chance.Random.Next(context.Candidates.Count);
}
