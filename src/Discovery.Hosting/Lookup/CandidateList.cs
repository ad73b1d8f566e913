using System.Collections;

namespace Discovery.Hosting.Lookup;

/// <summary>One or two tiers of instances, as a policy sees them.</summary>
internal sealed class CandidateList : IReadOnlyList<PickCandidate>
{
    private readonly ChunkedList<InstanceEntry> _first;
    private readonly ChunkedList<InstanceEntry> _second;
    private readonly int _firstCount;
    private readonly int _httpCount;
    private readonly int _httpsCount;

    public CandidateList(in TierView first, in TierView second)
    {
        _first = first.Entries;
        _second = second.Entries;
        _firstCount = _first.Count;
        Count = _firstCount + _second.Count;
        _httpCount = first.HttpCount + second.HttpCount;
        _httpsCount = first.HttpsCount + second.HttpsCount;
    }

    public int Count { get; }

    public InstanceEntry this[int index] => index < _firstCount ? _first[index] : _second[index - _firstCount];

    PickCandidate IReadOnlyList<PickCandidate>.this[int index] => this[index];

    /// <summary>How many have an endpoint of one scheme, or of any where it is empty; null where they must be looked at to know.</summary>
    public int? CountOf(ReadOnlySpan<char> scheme) => scheme switch
    {
        "" => Count,
        "http" => _httpCount,
        "https" => _httpsCount,
        _ => null,
    };

    public IEnumerator<PickCandidate> GetEnumerator() => _first.Concat(_second).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
