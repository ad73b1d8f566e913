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
        var failures = new List<string>();
        SettingFormat.Require<bool>(section, nameof(options.Enabled), "true or false", failures);
        SettingFormat.Require<bool>(section, nameof(options.FailFast), "true or false", failures);
        SettingFormat.Require<int>(section, nameof(options.Port), RegistrationLimits.AllowedPort, failures);
        SettingFormat.Require<int>(section, nameof(options.Weight), RegistrationLimits.AllowedWeight, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.Ttl), RegistrationLimits.AllowedTtl, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.DrainDelay), RegistrationLimits.AllowedDrainDelay, failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(name ?? Options.DefaultName, typeof(RegistrationOptions), failures);
        }

        section.Bind(options);
    }
}
