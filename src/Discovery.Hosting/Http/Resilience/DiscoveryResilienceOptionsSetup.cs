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
        new SettingTexts(section)
            .Require<TimeSpan>(nameof(options.TotalTimeout), ResilienceLimits.AllowedTotalTimeout)
            .Require<TimeSpan>(nameof(options.AttemptTimeout), ResilienceLimits.AllowedAttemptTimeout)
            .Require<int>(nameof(options.MaxRetries), ResilienceLimits.AllowedMaxRetries)
            .Require<TimeSpan>(nameof(options.RetryDelay), ResilienceLimits.AllowedRetryDelay)
            .Require<double>(nameof(options.RetryRatio), ResilienceLimits.AllowedRetryRatio)
            .Require<int>(nameof(options.MinRetriesPerSecond), ResilienceLimits.AllowedMinRetriesPerSecond)
            .Require<double>(nameof(options.FailureRatio), ResilienceLimits.AllowedFailureRatio)
            .Require<int>(nameof(options.MinimumThroughput), ResilienceLimits.AllowedMinimumThroughput)
            .Require<TimeSpan>(nameof(options.SamplingDuration), ResilienceLimits.AllowedSamplingDuration)
            .Require<TimeSpan>(nameof(options.BreakDuration), ResilienceLimits.AllowedBreakDuration)
            .ThrowIfRefused<DiscoveryResilienceOptions>(name);
        section.Bind(options);
    }
}
