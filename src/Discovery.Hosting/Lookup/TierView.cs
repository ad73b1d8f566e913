using System.Runtime.InteropServices;

namespace Discovery.Hosting.Lookup;

/// <summary>The instances of one tier at one moment, how many of them have an endpoint of a scheme, and their smallest and greatest weight.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TierView(ChunkedList<TierMember> Members, int HttpCount, int HttpsCount, (double Min, double Max) Weights)
{
    public static TierView Empty { get; } = new(ChunkedList<TierMember>.Empty, 0, 0, default);

    public int Count => Members.Count;

    public IEnumerable<InstanceEntry> Entries => Members.Select(member => member.Entry);
}
