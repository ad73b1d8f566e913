namespace Discovery.Hosting.Lookup;

/// <summary>Exponential back-off with full jitter: uniform between nothing and the bound, so that many processes do not come back at once.</summary>
internal sealed class WatchBackoff
{
    public static readonly TimeSpan Base = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    private int _failures;

    public void Reset() => _failures = 0;

    public TimeSpan Next()
    {
        // 2^5 × 200 ms is beyond the cap.
        var bound = Math.Min(Cap.Ticks, Base.Ticks << Math.Min(_failures++, 5));
        return new(Random.Shared.NextInt64(bound + 1));
    }
}
