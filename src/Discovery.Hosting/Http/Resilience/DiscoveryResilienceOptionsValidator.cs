using System.Globalization;
using Discovery.Configuration;
using Microsoft.Extensions.Options;
using static Discovery.Hosting.Http.Resilience.ResilienceLimits;

namespace Discovery.Hosting.Http.Resilience;

internal sealed class DiscoveryResilienceOptionsValidator : IValidateOptions<DiscoveryResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, DiscoveryResilienceOptions options)
    {
        List<string> failures = [.. Times(options), .. Numbers(options)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Times(DiscoveryResilienceOptions options) =>
        from check in new (string Key, TimeSpan Value, TimeSpan Min, TimeSpan Max, string Allowed)[]
        {
            (nameof(options.TotalTimeout), options.TotalTimeout, MinTimeout, MaxTime, AllowedTotalTimeout),
            (nameof(options.AttemptTimeout), options.AttemptTimeout, MinTimeout, options.TotalTimeout, AllowedAttemptTimeout),
            (nameof(options.RetryDelay), options.RetryDelay, TimeSpan.Zero, MaxRetryDelay, AllowedRetryDelay),
            (nameof(options.SamplingDuration), options.SamplingDuration, MinSamplingDuration, MaxTime, AllowedSamplingDuration),
            (nameof(options.BreakDuration), options.BreakDuration, MinBreakDuration, MaxTime, AllowedBreakDuration),
        }
        where check.Value < check.Min || check.Value > check.Max
        select Message(check.Key, check.Value.ToString("c", CultureInfo.InvariantCulture), check.Allowed);

    // Written so that what is not a number is refused too.
    private static IEnumerable<string> Numbers(DiscoveryResilienceOptions options) =>
        from check in new (string Key, double Value, bool Holds, string Allowed)[]
        {
            (nameof(options.MaxRetries), options.MaxRetries, options.MaxRetries is >= 0 and <= 10, AllowedMaxRetries),
            (nameof(options.RetryRatio), options.RetryRatio, options.RetryRatio is >= 0 and <= 10, AllowedRetryRatio),
            (nameof(options.MinRetriesPerSecond), options.MinRetriesPerSecond, options.MinRetriesPerSecond is >= 0 and <= 100_000, AllowedMinRetriesPerSecond),
            (nameof(options.FailureRatio), options.FailureRatio, options.FailureRatio is > 0 and <= 1, AllowedFailureRatio),
            (nameof(options.MinimumThroughput), options.MinimumThroughput, options.MinimumThroughput is >= 2 and <= 1_000_000, AllowedMinimumThroughput),
        }
        where !check.Holds
        select Message(check.Key, check.Value.ToString(CultureInfo.InvariantCulture), check.Allowed);

    private static string Message(string key, string value, string allowed) =>
        SettingFormat.Message($"{DiscoveryResilienceOptions.SectionName}:{key}", value, allowed);
}
