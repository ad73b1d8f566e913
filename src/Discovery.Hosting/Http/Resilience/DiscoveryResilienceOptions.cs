namespace Discovery.Hosting.Http.Resilience;

/// <summary>
/// Section <c>Discovery:Client:Resilience</c>: how calls of clients with <c>AddDiscovery()</c> are retried, given up and kept from
/// instances that fail. Read when a client is first used.
/// </summary>
/// <remarks>
/// Where no other source is named, defaults are those of the standard handler of Microsoft.Extensions.Http.Resilience.
/// </remarks>
public sealed class DiscoveryResilienceOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Discovery:Client:Resilience";

    /// <summary>How long a call may take, its retries and the waits between them included: 10 ms to 1 h. Then <c>TimeoutRejectedException</c> is thrown.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one instance has to answer with its headers: 10 ms to <see cref="TotalTimeout"/>.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many more attempts a failed call may have, 0 to 10. The standard handler has 3 on one address; here each goes to
    /// another instance, and beyond the second there is little to win.
    /// </summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>
    /// The wait before the first retry, 0 to 1 min; it doubles with each further one and is jittered. Short, because the retry does not burden the instance that failed.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The share of a client's calls that may be retried, 0 to 10 (1 is 100 %), so that retries cannot multiply an overload. Finagle's
    /// RetryBudget, whose default is 0.2.
    /// </summary>
    public double RetryRatio { get; set; } = 0.2;

    /// <summary>The retries a second that are allowed beyond that, 0 to 100,000, for clients with few calls. Finagle's RetryBudget: 10.</summary>
    public int MinRetriesPerSecond { get; set; } = 10;

    /// <summary>
    /// The share of an instance's calls that must have failed for its circuit to open, above 0 to 1. The standard handler has 0.1 for
    /// all of a service; a single instance is given up later, since consecutive failures eject it anyway.
    /// </summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>The calls to an instance within <see cref="SamplingDuration"/> below which its circuit stays closed, 2 to 1,000,000.</summary>
    public int MinimumThroughput { get; set; } = 20;

    /// <summary>How far back calls count, 1 s to 1 h.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit lets nothing through, 500 ms to 1 h; then one call tries.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
