using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Http.Resilience;

/// <summary>All clients read the one section; what one of them differs in is set in its <c>AddDiscovery(…)</c>.</summary>
internal sealed class DiscoveryResilienceOptionsSetup(IConfiguration configuration) : IConfigureNamedOptions<DiscoveryResilienceOptions>
{
    public void Configure(DiscoveryResilienceOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, DiscoveryResilienceOptions options)
    {
        var section = configuration.GetSection(DiscoveryResilienceOptions.SectionName);
        var failures = new List<string>();
        SettingFormat.Require<TimeSpan>(section, nameof(options.TotalTimeout), ResilienceLimits.AllowedTotalTimeout, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.AttemptTimeout), ResilienceLimits.AllowedAttemptTimeout, failures);
        SettingFormat.Require<int>(section, nameof(options.MaxRetries), ResilienceLimits.AllowedMaxRetries, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.RetryDelay), ResilienceLimits.AllowedRetryDelay, failures);
        SettingFormat.Require<double>(section, nameof(options.RetryRatio), ResilienceLimits.AllowedRetryRatio, failures);
        SettingFormat.Require<int>(section, nameof(options.MinRetriesPerSecond), ResilienceLimits.AllowedMinRetriesPerSecond, failures);
        SettingFormat.Require<double>(section, nameof(options.FailureRatio), ResilienceLimits.AllowedFailureRatio, failures);
        SettingFormat.Require<int>(section, nameof(options.MinimumThroughput), ResilienceLimits.AllowedMinimumThroughput, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.SamplingDuration), ResilienceLimits.AllowedSamplingDuration, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.BreakDuration), ResilienceLimits.AllowedBreakDuration, failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(name ?? Options.DefaultName, typeof(DiscoveryResilienceOptions), failures);
        }

        section.Bind(options);
    }
}
