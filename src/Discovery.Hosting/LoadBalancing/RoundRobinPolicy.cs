namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances take turns; a lighter one lets some of its turns pass.</summary>
/// <remarks>Calls that ask for nothing in particular, of instances of one weight, do not come here: see <see cref="Rotation"/>.</remarks>
internal sealed class RoundRobinPolicy(Chance chance) : ILoadBalancingPolicy
{
    public string Name => "RoundRobin";

    public object CreateState() => new StripedCounter(chance);

    public int Pick(in PickContext context) => ((StripedCounter)context.State!).Next(context.Candidates.Count);
}
