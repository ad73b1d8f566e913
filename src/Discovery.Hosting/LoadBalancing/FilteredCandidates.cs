using System.Collections;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.LoadBalancing;

/// <summary>The instances that would do for a call that asks for something in particular. One per thread, filled anew for each such call.</summary>
internal sealed class FilteredCandidates : IReadOnlyList<PickCandidate>
{
    [ThreadStatic]
    private static FilteredCandidates? t_ofThread;

    private InstanceEntry[] _entries = new InstanceEntry[16];

    public static FilteredCandidates OfThread => t_ofThread ??= new();

    public int Count { get; private set; }

    /// <summary>The smallest and the greatest weight.</summary>
    public (double Min, double Max) Weights { get; private set; }

    public InstanceEntry this[int index] => _entries[index];

    PickCandidate IReadOnlyList<PickCandidate>.this[int index] => _entries[index];

    /// <summary>
    /// Fills in those of the first group that has any with the scheme and, if asked for, not tried and among certain ones.
    /// </summary>
    /// <param name="groups">The groups in order of preference.</param>
    /// <param name="first">The group that comes before them all.</param>
    /// <param name="scheme">The scheme, or empty for any.</param>
    /// <param name="tried">IDs of those that were tried.</param>
    /// <param name="among">IDs of those that may be picked at all; null for all.</param>
    public void Fill(
        IReadOnlyList<CandidateList> groups, int first, ReadOnlySpan<char> scheme, IReadOnlyCollection<string>? tried, IReadOnlySet<string>? among)
    {
        if (first > 0)
        {
            Fill(groups[first], scheme, tried, among);
        }

        for (var i = 0; i < groups.Count && Count == 0; i++)
        {
            Fill(groups[i], scheme, tried, among);
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

    private void Fill(CandidateList group, ReadOnlySpan<char> scheme, IReadOnlyCollection<string>? tried, IReadOnlySet<string>? among)
    {
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i] is var entry && entry.Find(scheme) is not null
                && !(tried?.Contains(entry.Instance.Id) ?? false) && (among?.Contains(entry.Instance.Id) ?? true))
            {
                Add(entry);
            }
        }
    }

    private void Add(InstanceEntry entry)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        Weights = Count == 0 ? (entry.Weight, entry.Weight) : (Math.Min(Weights.Min, entry.Weight), Math.Max(Weights.Max, entry.Weight));
        _entries[Count++] = entry;
    }
}
