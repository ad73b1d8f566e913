namespace Discovery.Hosting.LoadBalancing;

/// <summary>The less loaded of two instances drawn by chance and weight: load is the peak-sensitive average of latency × (calls in flight + 1) / weight.</summary>
/// <remarks>
/// Each pick also looks at one more instance in turn and takes it if it was not picked for half a second, so that under load
/// (at least twice as many calls a second as instances) each is visited every second, and one that has recovered is found out.
/// </remarks>
internal sealed class PowerOfTwoChoicesPolicy(Chance chance) : ILoadBalancingPolicy
{
    public string Name => "PowerOfTwoChoices";

    public bool TracksLoad => true;

    public bool AppliesWeights => true;

    public object CreateState() => new StripedCounter(chance);

    public int Pick(in PickContext context)
    {
        var candidates = context.Candidates;
        var count = candidates.Count;
        if (count == 1)
        {
            return 0;
        }

        var turn = ((StripedCounter)context.State!).Next(count);
        if (context.Timestamp - candidates[turn].LastPickedAt > context.TimestampFrequency / 2)
        {
            return turn;
        }

        var first = WeightedDraw.From(context, chance.Random);
        var second = Other(context, first);
        return IsLessLoaded(candidates[second], candidates[first]) ? second : first;
    }

    private int Other(in PickContext context, int first)
    {
        if (!context.HasEqualWeights)
        {
            // Maybe the same one again: two that are equally loaded then get their shares by weight.
            return WeightedDraw.From(context, chance.Random);
        }

        var other = chance.Random.Next(context.Candidates.Count - 1);
        return other + (other >= first ? 1 : 0);
    }

    private static bool IsLessLoaded(PickCandidate one, PickCandidate other)
    {
        var (oneLatency, otherLatency) = (one.Latency.Ticks, other.Latency.Ticks);
        if (oneLatency == 0 || otherLatency == 0)
        {
            // What was never measured is taken to be as fast as the other: neither flooded nor shunned.
            oneLatency = otherLatency = 1;
        }

        // Of twice the weight, an instance bears twice the load; being idle, it was drawn twice as often already.
        var (oneCalls, otherCalls) = (one.InFlight, other.InFlight);
        return oneCalls + otherCalls == 0
            ? oneLatency < otherLatency
            : oneLatency * (oneCalls + 1) * other.Weight < otherLatency * (otherCalls + 1) * one.Weight;
    }
}
