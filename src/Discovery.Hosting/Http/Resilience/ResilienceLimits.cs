namespace Discovery.Hosting.Http.Resilience;

/// <summary>What is allowed in section <c>Discovery:Client:Resilience</c>, for those who check and those who say so.</summary>
internal static class ResilienceLimits
{
    public const string AllowedTotalTimeout = "00:00:00.010 to 01:00:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedAttemptTimeout = "00:00:00.010 to TotalTimeout (hh:mm:ss; a bare number would be days)";
    public const string AllowedMaxRetries = "a whole number from 0 to 10";
    public const string AllowedRetryDelay = "00:00:00 to 00:01:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedRetryRatio = "a number from 0 to 10 (0.2 is 20 %)";
    public const string AllowedMinRetriesPerSecond = "a whole number from 0 to 100000";
    public const string AllowedFailureRatio = "a number above 0 and up to 1";
    public const string AllowedMinimumThroughput = "a whole number from 2 to 1000000";
    public const string AllowedSamplingDuration = "00:00:01 to 01:00:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedBreakDuration = "00:00:00.500 to 01:00:00 (hh:mm:ss; a bare number would be days)";

    public static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan MinSamplingDuration = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MinBreakDuration = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan MaxTime = TimeSpan.FromHours(1);
}
