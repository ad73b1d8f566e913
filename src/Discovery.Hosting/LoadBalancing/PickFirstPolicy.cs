namespace Discovery.Hosting.LoadBalancing;

/// <summary>The same instance for all calls, as long as it would do.</summary>
internal sealed class PickFirstPolicy : ILoadBalancingPolicy
{
    public string Name => "PickFirst";

    public int Pick(in PickContext context) => 0;
}
