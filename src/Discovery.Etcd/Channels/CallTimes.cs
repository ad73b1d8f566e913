namespace Discovery.Etcd.Channels;

/// <summary>How long etcd is waited for. A healthy member answers in milliseconds; one that hangs takes connections and never answers.</summary>
internal static class CallTimes
{
    /// <summary>One try, while there is another endpoint to turn to.</summary>
    public static readonly TimeSpan Try = TimeSpan.FromSeconds(1);

    // A lease is kept alive after each third of its lifetime. The two thirds that are left then are enough for three such tries.
    private const int TriesInALifetime = 6;

    /// <summary>A call with all its tries. The last endpoint has all that is left of it: giving up early there would gain nothing.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(4);

    /// <summary>The time for one try, not below zero.</summary>
    /// <param name="remaining">What is left of <see cref="Call"/>.</param>
    /// <param name="endpointsLeft">The endpoints that have not been tried, the one about to be included.</param>
    public static TimeSpan ForTry(TimeSpan remaining, int endpointsLeft) => ForTry(remaining, endpointsLeft, Try);

    /// <summary>
    /// A keep-alive with all its tries. Where there is more than one endpoint it leaves time for another one: a member that has sent it on to a leader which hangs
    /// (up to 7 s: etcd's request time-out with its usual election time-out of 1 s) stays silent whoever leads by then, and answers on a stream that is opened anew.
    /// </summary>
    /// <param name="endpoints">How many there are.</param>
    /// <param name="ttl">The lease's lifetime.</param>
    public static TimeSpan ForKeepAlive(int endpoints, TimeSpan ttl) => endpoints > 1 ? Min(ttl / 2, Call) : Call;

    /// <summary>The time for one try to keep a lease alive, not below zero: short enough that another endpoint's answer is in time.</summary>
    /// <param name="remaining">What is left of <see cref="ForKeepAlive(int, TimeSpan)"/>.</param>
    /// <param name="endpointsLeft">The endpoints that have not been tried, the one about to be included.</param>
    /// <param name="ttl">The lease's lifetime.</param>
    public static TimeSpan ForKeepAliveTry(TimeSpan remaining, int endpointsLeft, TimeSpan ttl) => ForTry(remaining, endpointsLeft, Min(ttl / TriesInALifetime, Try));

    private static TimeSpan ForTry(TimeSpan remaining, int endpointsLeft, TimeSpan longest) =>
        remaining < TimeSpan.Zero ? TimeSpan.Zero : endpointsLeft > 1 && longest < remaining ? longest : remaining;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
