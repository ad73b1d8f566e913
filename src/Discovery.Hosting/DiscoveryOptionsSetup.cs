using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting;

internal sealed class DiscoveryOptionsSetup(IConfiguration configuration) : IConfigureOptions<DiscoveryOptions>
{
    public void Configure(DiscoveryOptions options)
    {
        var section = configuration.GetSection(DiscoveryOptions.SectionName);
        var failures = new List<string>();
        SettingFormat.Require<bool>(section, nameof(DiscoveryOptions.RequireSecureRegistry), "true or false", failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(DiscoveryOptions), failures);
        }

        section.Bind(options);
    }
}
