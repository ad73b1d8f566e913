using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Registration;

internal sealed class RegistrationOptionsSetup(IConfiguration configuration) : IConfigureNamedOptions<RegistrationOptions>
{
    public void Configure(RegistrationOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, RegistrationOptions options)
    {
        var section = configuration.GetSection(RegistrationOptions.SectionPath(name));
        new SettingTexts(section)
            .Require<bool>(nameof(options.Enabled), "true or false")
            .Require<bool>(nameof(options.FailFast), "true or false")
            .Require<int>(nameof(options.Port), RegistrationLimits.AllowedPort)
            .Require<int>(nameof(options.Weight), RegistrationLimits.AllowedWeight)
            .Require<TimeSpan>(nameof(options.Ttl), RegistrationLimits.AllowedTtl)
            .Require<TimeSpan>(nameof(options.DrainDelay), RegistrationLimits.AllowedDrainDelay)
            .ThrowIfRefused<RegistrationOptions>(name);
        section.Bind(options);
    }
}
