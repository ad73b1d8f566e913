namespace Discovery.Hosting;

/// <summary>
/// Back-off with full jitter: a delay drawn evenly from zero to an exponentially growing bound, so that the many who lost the same
/// registry at the same moment do not come back at the same moment.
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
/// </summary>
internal static class FullJitter
{
    /// <param name="attempt">How many attempts have failed before this one, from 0.</param>
    /// <param name="first">The bound of the first delay.</param>
    /// <param name="cap">The bound that no delay exceeds.</param>
    /// <param name="random">Where the draw comes from.</param>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan cap, Random random)
    {
        var bound = Math.Min(cap.Ticks, first.Ticks * Math.Pow(2, Math.Min(attempt, 30)));
        return TimeSpan.FromTicks((long)(random.NextDouble() * bound));
    }
}
