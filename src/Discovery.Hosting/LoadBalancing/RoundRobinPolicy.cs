namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances take turns.</summary>
internal sealed class RoundRobinPolicy : ILoadBalancingPolicy
{
    public string Name => "RoundRobin";

    public object CreateState() => new StripedCounter();

    public int Pick(in PickContext context) => (int)(((StripedCounter)context.State!).Next() % (uint)context.Candidates.Count);
}
