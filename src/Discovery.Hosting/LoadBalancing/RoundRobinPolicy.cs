namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances take turns; a lighter one lets some of its turns pass.</summary>
internal sealed class RoundRobinPolicy(Chance chance) : ILoadBalancingPolicy
{
    public string Name => "RoundRobin";

    public object CreateState() => new StripedCounter(chance);

    public int Pick(in PickContext context) => (int)(((StripedCounter)context.State!).Next() % (uint)context.Candidates.Count);
}
