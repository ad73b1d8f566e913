using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting;

internal sealed class DiscoveryOptionsSetup(IConfiguration configuration) : IConfigureOptions<DiscoveryOptions>
{
    public void Configure(DiscoveryOptions options)
    {
        var section = configuration.GetSection(DiscoveryOptions.SectionName);
        new SettingTexts(section)
            .Require<bool>(nameof(DiscoveryOptions.RequireSecureRegistry), "true or false")
            .ThrowIfRefused<DiscoveryOptions>();
        section.Bind(options);
    }
}
