using System.Collections;

namespace Discovery.Hosting.Lookup;

/// <summary>The instances of a snapshot in the order of their IDs, brought together only when somebody looks at them.</summary>
internal sealed class InstanceList : IReadOnlyList<ServiceInstance>
{
    private readonly int _first;
    private TierView[]? _tiers;
    private ServiceInstance[]? _sorted;

    /// <param name="tiers">The tiers of the moment; never changed.</param>
    /// <param name="first">How many of them, from the first on, the list is of.</param>
    public InstanceList(TierView[] tiers, int first)
    {
        (_tiers, _first) = (tiers, first);
        for (var i = 0; i < first; i++)
        {
            Count += tiers[i].Count;
        }
    }

    public int Count { get; }

    public ServiceInstance this[int index] => Sorted()[index];

    public IEnumerator<ServiceInstance> GetEnumerator() => Sorted().AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ServiceInstance[] Sorted()
    {
        // Two readers at once may both sort; they come to the same result.
        var sorted = Volatile.Read(ref _sorted);
        if (sorted is null && Volatile.Read(ref _tiers) is { } tiers)
        {
            sorted = [.. tiers.Take(_first).SelectMany(tier => tier.Entries).Select(entry => entry.Instance)];
            Array.Sort(sorted, static (x, y) => string.CompareOrdinal(x.Id, y.Id));
            Volatile.Write(ref _sorted, sorted);
            Volatile.Write(ref _tiers, null);
        }

        return sorted ?? Volatile.Read(ref _sorted)!;
    }
}
