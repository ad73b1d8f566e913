namespace Discovery.Hosting.LoadBalancing;

/// <summary>Which of a set of candidates owns which slot of the key space, found out slot by slot when first asked for.</summary>
/// <remarks>
/// The owner is whoever has the highest score for the slot (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998),
/// with weights by the logarithmic method of Schindelhauer and Schomaker ("Weighted Distributed Hash Tables", 2005). So a candidate that joins takes
/// its share of slots and no others change hands, one that leaves gives up its own alone, and every caller comes to the same. A ring would have to be
/// sorted anew with each version, a million points at 10,000 instances; here a version costs a number for each instance, and a slot one look at these.
/// </remarks>
internal sealed class HashSlots
{
    private const int SlotBits = 16;
    private const int PageBits = 8;

    // Few candidates are counted each time; of many, a total that is a few picks old says as much.
    private const int CountedAtOnce = 64;

    private readonly ulong[] _ids;
    private readonly double[]? _weights;
    private readonly double _weight;
    private readonly int[]?[] _pages = new int[1 << (SlotBits - PageBits)][];
    private long _inFlight;
    private int _asked;

    public HashSlots(in PickContext context)
    {
        var candidates = context.Candidates;
        Version = context.Version;
        _ids = new ulong[candidates.Count];
        _weights = context.HasEqualWeights ? null : new double[candidates.Count];
        for (var i = 0; i < _ids.Length; i++)
        {
            var candidate = candidates[i];
            _ids[i] = StableHash.Of(candidate.Instance.Id);
            _weight += candidate.Weight;
            if (_weights is not null)
            {
                _weights[i] = candidate.Weight;
            }
        }
    }

    public long Version { get; }

    /// <summary>The same without anything kept, for candidates that are never seen again.</summary>
    public static int OwnerAmong(in PickContext context, ulong key)
    {
        var candidates = context.Candidates;
        var slot = SlotOf(key);
        var (owner, highest) = (0, double.NegativeInfinity);
        for (var i = 0; i < candidates.Count; i++)
        {
            var score = Score(Draw(StableHash.Of(candidates[i].Instance.Id), slot), candidates[i].Weight);
            (owner, highest) = score > highest ? (i, score) : (owner, highest);
        }

        return owner;
    }

    public int OwnerOf(ulong key)
    {
        var slot = SlotOf(key);
        ref var page = ref _pages[slot >> PageBits];
        var owners = Volatile.Read(ref page) ?? Begin(ref page);
        ref var owner = ref owners[slot & ((1 << PageBits) - 1)];
        if (owner == 0)
        {
            owner = 1 + (_weights is null ? Find(slot) : FindByWeight(slot, _weights));
        }

        return owner - 1;
    }

    public CallTotal Total(IReadOnlyList<PickCandidate> candidates)
    {
        if (_ids.Length <= CountedAtOnce || _asked++ % (_ids.Length / CountedAtOnce) == 0)
        {
            _inFlight = CallTotal.Of(candidates).InFlight;
        }

        return new(_inFlight, _weight);
    }

    private static int SlotOf(ulong key) => (int)(key >> (64 - SlotBits));

    private static int[] Begin(ref int[]? page)
    {
        var begun = new int[1 << PageBits];
        return Interlocked.CompareExchange(ref page, begun, null) ?? begun;
    }

    private static ulong Draw(ulong id, int slot) => StableHash.Mix(id ^ ((ulong)(slot + 1) * 0x9E3779B97F4A7C15));

    private static double Score(ulong draw, double weight) => -weight / Math.Log((draw + 1.0) / 18446744073709551616.0);

    private int Find(int slot)
    {
        var (owner, highest) = (0, 0UL);
        for (var i = 0; i < _ids.Length; i++)
        {
            var draw = Draw(_ids[i], slot);
            (owner, highest) = draw > highest ? (i, draw) : (owner, highest);
        }

        return owner;
    }

    private int FindByWeight(int slot, double[] weights)
    {
        var (owner, highest) = (0, double.NegativeInfinity);
        for (var i = 0; i < _ids.Length; i++)
        {
            var score = Score(Draw(_ids[i], slot), weights[i]);
            (owner, highest) = score > highest ? (i, score) : (owner, highest);
        }

        return owner;
    }
}
