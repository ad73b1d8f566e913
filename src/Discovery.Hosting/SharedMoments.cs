namespace Discovery.Hosting;

/// <summary>
/// The moments of a clock that everybody who counts by it has in common, evenly apart: what may be done a little sooner or later is done at one of them, so that a process is
/// woken once for all of it. On most machines waking up costs more than what is then done.
/// </summary>
internal static class SharedMoments
{
    /// <summary>How long until the one next to when something is due, which may be past; a moment that is past is now.</summary>
    public static TimeSpan Nearest(TimeSpan due, TimeSpan apart, TimeProvider time)
    {
        var (now, length) = (time.GetTimestamp(), Math.Max(1, Timestamps(apart, time)));
        var moment = (now + Timestamps(due, time) + (length / 2)) / length * length;
        return moment > now ? time.GetElapsedTime(now, moment) : TimeSpan.Zero;
    }

    /// <summary>How long until the next one.</summary>
    public static TimeSpan Next(TimeSpan apart, TimeProvider time)
    {
        var (now, length) = (time.GetTimestamp(), Math.Max(1, Timestamps(apart, time)));
        return time.GetElapsedTime(now, (now / length * length) + length);
    }

    private static long Timestamps(TimeSpan length, TimeProvider time) => (long)(length.TotalSeconds * time.TimestampFrequency);
}
