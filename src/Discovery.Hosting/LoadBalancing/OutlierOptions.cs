namespace Discovery.Hosting.LoadBalancing;

/// <summary>
/// Section <c>Discovery:Client:Outliers</c> (for one service <c>Discovery:Client:Services:{name}:Outliers</c>): when an instance that fails this
/// caller is given no calls for a time, whatever its registry says of it. Reloads live.
/// </summary>
public sealed class OutlierOptions
{
    /// <summary>Whether instances are ejected at all. The default is true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How many calls in a row must fail (a 5xx, a broken connection, a time-out), 0 for never, to 1000. The default is 5
    /// (Envoy's <c>consecutive_5xx</c>; Finagle's failure accrual has the same).
    /// </summary>
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>
    /// How many connections in a row must fail, 0 for never, to 1000. The default is 1 (nginx's <c>max_fails</c>): a refused connection is
    /// proof enough, and a probe by TCP soon shows whether it still holds.
    /// </summary>
    public int ConsecutiveConnectFailures { get; set; } = 1;

    /// <summary>How often success rates are compared, and how soon a past ejection is forgiven, 1 s to 10 min. The default is 10 s (Envoy's <c>interval</c>).</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the first ejection lasts, the n-th n times as long, 1 s to 1 h. The default is 30 s (Envoy's <c>base_ejection_time</c>).</summary>
    public TimeSpan BaseEjectionTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The same for connections that failed, 100 ms to 1 h; when it is over, a TCP connection must be accepted before calls are sent again. The
    /// default is 1 s (gRPC's connection back-off, <c>INITIAL_BACKOFF</c>).
    /// </summary>
    public TimeSpan BaseConnectEjectionTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What no ejection exceeds, 1 s to 1 day. The default is 5 min (Envoy's <c>max_ejection_time</c>).</summary>
    public TimeSpan MaxEjectionTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far an ejection's length strays by chance, as a part of it, 0 to 1. The default is 0.2 (gRPC's connection back-off, <c>JITTER</c>).</summary>
    public double EjectionJitter { get; set; } = 0.2;

    /// <summary>
    /// The share of instances that may be ejected for failed calls, 0 to 100; of a small service at least one, unless it is 0. The default is 10
    /// (Envoy's <c>max_ejection_percent</c>). Failed connections may eject more, down to <see cref="Lookup.ClientOptions.PanicThresholdPercent"/>.
    /// </summary>
    public int MaxEjectedPercent { get; set; } = 10;

    /// <summary>How many instances must have had enough calls for success rates to be compared, 2 to 1000. The default is 5 (Envoy's <c>success_rate_minimum_hosts</c>).</summary>
    public int SuccessRateMinimumHosts { get; set; } = 5;

    /// <summary>How many calls in an <see cref="Interval"/> are enough, 1 to 1,000,000. The default is 100 (Envoy's <c>success_rate_request_volume</c>).</summary>
    public int SuccessRateRequestVolume { get; set; } = 100;

    /// <summary>
    /// How many standard deviations below the mean a success rate must lie, 0 (success rates are not compared) to 10. The default is 1.9 (Envoy's
    /// <c>success_rate_stdev_factor</c>). Fewer than five failed calls in an <see cref="Interval"/> never count: where all others had none, one would.
    /// </summary>
    public double SuccessRateStdevFactor { get; set; } = 1.9;

    internal OutlierOptions Copy() => (OutlierOptions)MemberwiseClone();
}
