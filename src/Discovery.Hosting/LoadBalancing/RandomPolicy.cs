namespace Discovery.Hosting.LoadBalancing;

/// <summary>Any instance, all with the same chance.</summary>
internal sealed class RandomPolicy : ILoadBalancingPolicy
{
    public string Name => "Random";

    public int Pick(in PickContext context) => Random.Shared.Next(context.Candidates.Count);
}
