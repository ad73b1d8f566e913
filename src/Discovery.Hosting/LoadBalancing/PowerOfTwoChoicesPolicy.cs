namespace Discovery.Hosting.LoadBalancing;

/// <summary>The less loaded of two instances taken at random: load is the peak-sensitive average of latency × (calls in flight + 1).</summary>
/// <remarks>
/// Each pick also looks at one more instance in turn and takes it if it was not picked for half a second, so that under load
/// (at least twice as many calls a second as instances) each is visited every second, and one that has recovered is found out.
/// </remarks>
internal sealed class PowerOfTwoChoicesPolicy : ILoadBalancingPolicy
{
    public string Name => "PowerOfTwoChoices";

    public bool TracksLoad => true;

    public object CreateState() => new StripedCounter();

    public int Pick(in PickContext context)
    {
        var candidates = context.Candidates;
        var count = candidates.Count;
        if (count == 1)
        {
            return 0;
        }

        var turn = (int)(((StripedCounter)context.State!).Next() % (uint)count);
        if (context.Timestamp - candidates[turn].LastPickedAt > context.TimestampFrequency / 2)
        {
            return turn;
        }

        var first = Random.Shared.Next(count);
        var second = Random.Shared.Next(count - 1);
        second += second >= first ? 1 : 0;
        return IsLessLoaded(candidates[second], candidates[first]) ? second : first;
    }

    private static bool IsLessLoaded(PickCandidate one, PickCandidate other)
    {
        var (oneLatency, otherLatency) = (one.Latency.Ticks, other.Latency.Ticks);
        if (oneLatency == 0 || otherLatency == 0)
        {
            // What was never measured is taken to be as fast as the other: neither flooded nor shunned.
            oneLatency = otherLatency = 1;
        }

        return (double)oneLatency * (one.InFlight + 1) < (double)otherLatency * (other.InFlight + 1);
    }
}
