namespace Discovery.Hosting.LoadBalancing;

/// <summary>The same instance for all calls, as long as it would do, whatever the weights.</summary>
internal sealed class PickFirstPolicy : ILoadBalancingPolicy
{
    public string Name => "PickFirst";

    public bool AppliesWeights => true;

    public int Pick(in PickContext context) => 0;
}
