namespace Discovery.Hosting.Lookup;

/// <summary>The instances of one tier at one moment, and how many of them have an endpoint of a scheme.</summary>
internal readonly record struct TierView(ChunkedList<InstanceEntry> Entries, int HttpCount, int HttpsCount)
{
    public static TierView Empty { get; } = new(ChunkedList<InstanceEntry>.Empty, 0, 0);

    public int Count => Entries.Count;
}
