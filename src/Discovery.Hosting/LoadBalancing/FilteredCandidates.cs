using System.Collections;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances that would do for a call that asks for something in particular. One per thread, filled anew for each such call.</summary>
internal sealed class FilteredCandidates : IReadOnlyList<PickCandidate>
{
    [ThreadStatic]
    private static FilteredCandidates? s_ofThread;

    private InstanceEntry[] _entries = new InstanceEntry[16];

    public static FilteredCandidates OfThread => s_ofThread ??= new();

    public int Count { get; private set; }

    public InstanceEntry this[int index] => _entries[index];

    PickCandidate IReadOnlyList<PickCandidate>.this[int index] => _entries[index];

    /// <summary>Fills in those of a tier that have the scheme and, if asked for, were not tried.</summary>
    public void Fill(IReadOnlyList<InstanceEntry> tier, ReadOnlySpan<char> scheme, IReadOnlyCollection<string>? tried)
    {
        for (var i = 0; i < tier.Count; i++)
        {
            if (tier[i] is var entry && entry.Find(scheme) is not null && !(tried?.Contains(entry.Instance.Id) ?? false))
            {
                Add(entry);
            }
        }
    }

    /// <summary>Lets go of the instances, so that the thread keeps none of them alive.</summary>
    public void Clear()
    {
        Array.Clear(_entries, 0, Count);
        Count = 0;
    }

    public IEnumerator<PickCandidate> GetEnumerator() => _entries.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(InstanceEntry entry)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count++] = entry;
    }
}
