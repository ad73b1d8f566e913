namespace Discovery.Hosting.LoadBalancing;

/// <summary>
/// Calls with the same key go to the same instance, whoever calls, until that instance has its bound of calls in flight. A call without a key
/// goes anywhere, by chance and weight.
/// </summary>
/// <remarks>
/// A key belongs to one of 65,536 slots, and a slot to the instance that wins it by rendezvous hashing, see <see cref="HashSlots"/>. Loads are bounded as by
/// Mirrokni, Thorup and Zadimoghaddam ("Consistent Hashing with Bounded Loads", 2016): no instance gets more than
/// <see cref="ConsistentHashOptions.LoadFactor"/> times its share by weight of all calls in flight. From a full instance the key jumps to another
/// slot that follows from it, rather than to a neighbour, which would be overrun in turn (Chen, Coleman and Shrivastava, "Revisiting Consistent Hashing with
/// Bounded Loads", 2021).
/// </remarks>
internal sealed class ConsistentHashPolicy(Func<ConsistentHashOptions> options, Chance chance) : ILoadBalancingPolicy
{
    // Four in five instances may be full at worst; by then a look at all of them is cheaper.
    private const int MaxJumps = 16;

    public string Name => "ConsistentHash";

    public bool TracksLoad => true;

    public bool AppliesWeights => true;

    public bool UsesKey => true;

    public object CreateState() => new Latest();

    public int Pick(in PickContext context)
    {
        if (context.Request.Key is not { } key)
        {
            return WeightedDraw.From(context, chance.Random);
        }

        // Candidates of one call alone are not worth keeping anything of.
        var slots = context.Version == 0 ? null : ((Latest)context.State!).For(context);
        var hash = StableHash.Of(key);
        for (var jump = 0; jump < MaxJumps; jump++)
        {
            var owner = slots?.OwnerOf(hash) ?? HashSlots.OwnerAmong(context, hash);
            if (HasRoom(context, owner, slots))
            {
                return owner;
            }

            hash = StableHash.Mix(hash + 1);
        }

        return LeastLoaded(context.Candidates);
    }

    private bool HasRoom(in PickContext context, int index, HashSlots? slots)
    {
        var candidate = context.Candidates[index];
        var inFlight = candidate.InFlight;
        if (inFlight == 0)
        {
            return true;
        }

        var total = slots?.Total(context.Candidates) ?? CallTotal.Of(context.Candidates);
        return inFlight < Math.Ceiling(options().LoadFactor * (total.InFlight + 1) * candidate.Weight / total.Weight);
    }

    private static int LeastLoaded(IReadOnlyList<PickCandidate> candidates)
    {
        var least = 0;
        for (var i = 1; i < candidates.Count; i++)
        {
            least = LeastRequestsPolicy.IsLess(candidates[i], candidates[least]) ? i : least;
        }

        return least;
    }

    private sealed class Latest
    {
        private volatile HashSlots? _slots;

        public HashSlots For(in PickContext context)
        {
            // Two callers at once may both begin one; the other is forgotten.
            var slots = _slots;
            return slots?.Version == context.Version ? slots : _slots = new HashSlots(context);
        }
    }
}
