namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances take turns, each as often as its weight says, and the turns of one as far apart as can be.</summary>
/// <remarks>
/// Static stride scheduling, as gRPC's weighted_round_robin has it (gRFC A58): round after round, an instance is passed over but when the sum of its
/// weights so far, in units of the greatest weight, has grown past the next whole number. Nothing is worked out beforehand, so that
/// a change of any instance costs nothing here; a pick looks at as many instances as the greatest weight is times the average.
/// </remarks>
internal sealed class WeightedRoundRobinPolicy(Chance chance) : ILoadBalancingPolicy
{
    private const ulong Unit = 65_535;

    // Sets the rounds in which equal weights are passed over apart, so that these do not all come in one.
    private const ulong Phase = 40_503;

    public string Name => "WeightedRoundRobin";

    public bool AppliesWeights => true;

    public object CreateState() => new StripedCounter(chance);

    public int Pick(in PickContext context)
    {
        var counter = (StripedCounter)context.State!;
        var count = (uint)context.Candidates.Count;
        var perWeight = Unit / context.MaxWeight;
        while (true)
        {
            var (round, index) = Math.DivRem(counter.Next(), count);
            var stride = Math.Max(1, (ulong)Math.Round(context.Candidates[(int)index].Weight * perWeight));
            if ((stride * round + Phase * index) % Unit >= Unit - stride)
            {
                return (int)index;
            }
        }
    }
}
