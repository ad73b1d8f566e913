using System.Collections;

namespace Discovery.Hosting.Lookup;

/// <summary>One or several tiers of instances, as a policy sees them.</summary>
internal sealed class CandidateList : IReadOnlyList<PickCandidate>
{
    private readonly ChunkedList<TierMember> _first = ChunkedList<TierMember>.Empty;
    private readonly ChunkedList<TierMember>[] _others = [];
    private readonly int _httpCount;
    private readonly int _httpsCount;

    public CandidateList(TierView[] tiers, ReadOnlySpan<InstanceTier> of)
    {
        foreach (var tier in of)
        {
            ref readonly var view = ref tiers[(int)tier];
            if (view.Count == 0)
            {
                continue;
            }

            if (Count == 0)
            {
                _first = view.Members;
                Weights = view.Weights;
            }
            else
            {
                _others = [.. _others, view.Members];
                Weights = (Math.Min(Weights.Min, view.Weights.Min), Math.Max(Weights.Max, view.Weights.Max));
            }

            Count += view.Count;
            _httpCount += view.HttpCount;
            _httpsCount += view.HttpsCount;
        }
    }

    public static CandidateList Empty { get; } = new([], []);

    public int Count { get; }

    /// <summary>The smallest and the greatest weight.</summary>
    public (double Min, double Max) Weights { get; }

    /// <summary>The instances, where they are all of one tier; null otherwise.</summary>
    public ChunkedList<TierMember>? OnlyTier => _others.Length == 0 ? _first : null;

    public InstanceEntry this[int index] => index < _first.Count ? _first[index].Entry : OfOthers(index - _first.Count);

    PickCandidate IReadOnlyList<PickCandidate>.this[int index] => this[index];

    /// <summary>How many have an endpoint of one scheme, or of any where it is empty; null where they must be looked at to know.</summary>
    public int? CountOf(ReadOnlySpan<char> scheme) => scheme switch
    {
        "" => Count,
        "http" => _httpCount,
        "https" => _httpsCount,
        _ => null,
    };

    public IEnumerator<PickCandidate> GetEnumerator() => _first.Concat(_others.SelectMany(tier => tier)).Select(member => member.Entry).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private InstanceEntry OfOthers(int index)
    {
        var tier = 0;
        while (index >= _others[tier].Count)
        {
            index -= _others[tier++].Count;
        }

        return _others[tier][index].Entry;
    }
}
