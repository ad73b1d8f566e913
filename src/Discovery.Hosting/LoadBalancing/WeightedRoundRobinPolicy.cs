namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances take turns, each as often as its weight says, and the turns of one as far apart as can be (stride scheduling).</summary>
/// <remarks>The rotation is worked out once for a set of instances and then only read: no lock, and no write that two processors share.</remarks>
internal sealed class WeightedRoundRobinPolicy : ILoadBalancingPolicy
{
    // Bounds the work and memory for uneven weights; beyond it they are rounded.
    private const int MaxTurns = 4096;

    public string Name => "WeightedRoundRobin";

    public object CreateState() => new Turns();

    public int Pick(in PickContext context)
    {
        if (context.Version == 0)
        {
            return PickByChance(context.Candidates);
        }

        var turns = (Turns)context.State!;
        var rotation = turns.Rotation;
        if (rotation?.Version != context.Version)
        {
            turns.Rotation = rotation = new(context.Version, Rotate(context.Candidates));
        }

        return rotation.Order[turns.Counter.Next() % (uint)rotation.Order.Length];
    }

    // Candidates of one call alone are not worth a rotation.
    private static int PickByChance(IReadOnlyList<PickCandidate> candidates)
    {
        var total = 0L;
        for (var i = 0; i < candidates.Count; i++)
        {
            total += WeightOf(candidates[i]);
        }

        var left = Random.Shared.NextInt64(total);
        var picked = 0;
        while ((left -= WeightOf(candidates[picked])) >= 0)
        {
            picked++;
        }

        return picked;
    }

    private static int[] Rotate(IReadOnlyList<PickCandidate> candidates)
    {
        var weights = Scale([.. candidates.Select(WeightOf)]);
        var next = new PriorityQueue<int, double>(weights.Select((weight, i) => (i, 0.5 / weight)));
        var order = new int[weights.Sum()];
        for (var turn = 0; turn < order.Length; turn++)
        {
            next.TryPeek(out var first, out var at);
            order[turn] = next.DequeueEnqueue(first, at + (1.0 / weights[first]));
        }

        return order;
    }

    private static int[] Scale(int[] weights)
    {
        var divisor = weights.Aggregate(Gcd);
        var turns = weights.Sum(weight => (long)weight) / divisor;
        var shrink = divisor * Math.Max(1.0, (double)turns / MaxTurns);
        return [.. weights.Select(weight => Math.Max(1, (int)Math.Round(weight / shrink)))];
    }

    private static int WeightOf(PickCandidate candidate) => Math.Max(1, candidate.Instance.Weight);

    private static int Gcd(int one, int other) => other == 0 ? one : Gcd(other, one % other);

    private sealed class Turns
    {
        private volatile Rotation? _rotation;

        public StripedCounter Counter { get; } = new();

        public Rotation? Rotation
        {
            get => _rotation;
            set => _rotation = value;
        }
    }

    private sealed record Rotation(long Version, int[] Order);
}
