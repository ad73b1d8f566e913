namespace Discovery.Hosting.Lookup;

/// <summary>How long to wait before a lost watch is tried again.</summary>
internal sealed class WatchBackoff
{
    public static readonly TimeSpan Base = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    private int _failures;

    /// <summary>The watch has answered: the next failure is the first.</summary>
    public void Reset() => _failures = 0;

    public TimeSpan Next() => FullJitter.Delay(_failures++, Base, Cap, Random.Shared);
}
