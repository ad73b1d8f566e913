using System.Numerics;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>Where the chance in choices comes from: one place for the whole process, so that a simulation can put a seed there.</summary>
internal sealed class Chance
{
    private const int MaxStripes = 64;

    private Chance(Random random, int stripes)
    {
        Random = random;
        Stripes = stripes;
    }

    /// <summary>For any number of threads.</summary>
    public static Chance Shared { get; } = new(Random.Shared, Math.Min(MaxStripes, (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)));

    public Random Random { get; }

    /// <summary>How many counters stand for one, a power of two.</summary>
    public int Stripes { get; }

    /// <summary>The same choices again each time. For one thread at a time.</summary>
    public static Chance Seeded(int seed) => new(new Random(seed), 1);
}
