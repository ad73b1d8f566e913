namespace Discovery.Etcd.Channels;

/// <summary>How long etcd is waited for. A healthy member answers in milliseconds; one that hangs takes connections and never answers.</summary>
internal static class CallTimes
{
    /// <summary>One try, while there is another endpoint to turn to.</summary>
    public static readonly TimeSpan Try = TimeSpan.FromSeconds(1);

    /// <summary>A call with all its tries. The last endpoint has all that is left of it: giving up early there would gain nothing.</summary>
    public static readonly TimeSpan Call = TimeSpan.FromSeconds(4);

    /// <summary>The time for one try, not below zero.</summary>
    /// <param name="remaining">What is left of <see cref="Call"/>.</param>
    /// <param name="endpointsLeft">The endpoints that have not been tried, the one about to be included.</param>
    public static TimeSpan ForTry(TimeSpan remaining, int endpointsLeft) =>
        remaining < TimeSpan.Zero ? TimeSpan.Zero : endpointsLeft > 1 && Try < remaining ? Try : remaining;
}
