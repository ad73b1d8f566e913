using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Configuration;

internal sealed class DiscoveryOptionsSetup(IConfiguration configuration) : IConfigureOptions<DiscoveryOptions>
{
    public void Configure(DiscoveryOptions options)
    {
        var section = configuration.GetSection(DiscoveryOptions.SectionName);
        new SettingTexts(section)
            .Require<bool>(nameof(DiscoveryOptions.RequireSecureRegistry), "true or false")
            .ThrowIfRefused<DiscoveryOptions>();
        if (section[nameof(DiscoveryOptions.Providers)] is { Length: > 0 } text)
        {
            // The binder takes no list from a text, and says nothing.
            throw new OptionsValidationException(Options.DefaultName, typeof(DiscoveryOptions), [SettingFormat.Message(
                "Discovery:Providers", text, "a list such as [ \"Consul\", \"Etcd\" ], in the environment Discovery__Providers__0 and so on")]);
        }

        section.Bind(options);
    }
}
