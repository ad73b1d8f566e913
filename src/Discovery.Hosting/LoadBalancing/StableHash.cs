namespace Discovery.Hosting.LoadBalancing;

/// <summary>A hash that is the same in every process, on every machine and in every version, so that all callers agree who serves a key.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a over the UTF-16 units, with a finish that spreads it over all bits.</summary>
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1099511628211;
        }

        return Mix(hash);
    }

    /// <summary>Spreads what differs in a few bits over all of them (the finaliser of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number from 0 to below 1 that follows from the hash.</summary>
    public static double ToFraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
