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
        var texts = new SettingTexts(section);
        Array.ForEach(ResilienceRules.All, rule => rule.Require(texts, ""));
        texts.ThrowIfRefused<DiscoveryResilienceOptions>(name);
        section.Bind(options);
    }
}
