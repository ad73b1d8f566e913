using Discovery.Hosting.Configuration;
using static Discovery.Hosting.Configuration.SettingRules;

namespace Discovery.Hosting.Http.Resilience;

/// <summary>What the settings of section <c>Discovery:Client:Resilience</c> may be.</summary>
internal static class ResilienceRules
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxTime = TimeSpan.FromHours(1);

    public static readonly SettingRule<DiscoveryResilienceOptions>[] All =
    [
        Between<DiscoveryResilienceOptions, TimeSpan>(
            nameof(DiscoveryResilienceOptions.TotalTimeout), o => o.TotalTimeout, MinTimeout, MaxTime,
            "00:00:00.010 to 01:00:00 (hh:mm:ss; a bare number would be days)"),
        new SettingRule<DiscoveryResilienceOptions, TimeSpan>(
            nameof(DiscoveryResilienceOptions.AttemptTimeout), o => o.AttemptTimeout, MinTimeout, o => o.TotalTimeout,
            "00:00:00.010 to TotalTimeout (hh:mm:ss; a bare number would be days)"),
        Count<DiscoveryResilienceOptions>(nameof(DiscoveryResilienceOptions.MaxRetries), o => o.MaxRetries, 0, 10),
        Time<DiscoveryResilienceOptions>(nameof(DiscoveryResilienceOptions.RetryDelay), o => o.RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        Between<DiscoveryResilienceOptions, double>(
            nameof(DiscoveryResilienceOptions.RetryRatio), o => o.RetryRatio, 0, 10, "a number from 0 to 10 (0.2 is 20 %)"),
        Count<DiscoveryResilienceOptions>(nameof(DiscoveryResilienceOptions.MinRetriesPerSecond), o => o.MinRetriesPerSecond, 0, 100_000),
        Between<DiscoveryResilienceOptions, double>(
            nameof(DiscoveryResilienceOptions.FailureRatio), o => o.FailureRatio, double.Epsilon, 1, "a number above 0 and up to 1"),
        Count<DiscoveryResilienceOptions>(nameof(DiscoveryResilienceOptions.MinimumThroughput), o => o.MinimumThroughput, 2, 1_000_000),
        Time<DiscoveryResilienceOptions>(nameof(DiscoveryResilienceOptions.SamplingDuration), o => o.SamplingDuration, TimeSpan.FromSeconds(1), MaxTime),
        Between<DiscoveryResilienceOptions, TimeSpan>(
            nameof(DiscoveryResilienceOptions.BreakDuration), o => o.BreakDuration, TimeSpan.FromMilliseconds(500), MaxTime,
            "00:00:00.500 to 01:00:00 (hh:mm:ss; a bare number would be days)"),
    ];
}
