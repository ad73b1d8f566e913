using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Consul;

/// <summary>Binds <c>Discovery:Consul</c>, after every text in it that cannot be converted has been found.</summary>
internal sealed class ConsulOptionsSetup(IConfiguration configuration) : IConfigureOptions<ConsulOptions>
{
    public void Configure(ConsulOptions options)
    {
        var section = configuration.GetSection(ConsulOptions.SectionPath);
        var failures = new List<string>();
        SettingFormat.Require<TimeSpan>(section, nameof(options.CheckInterval), ConsulOptionsValidator.CheckIntervalAllowed, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(options.CheckTimeout), ConsulOptionsValidator.CheckTimeoutAllowed, failures);
        SettingFormat.Require<TimeSpan>(
            section, nameof(options.DeregisterCriticalServiceAfter), ConsulOptionsValidator.DeregisterAfterAllowed, failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(ConsulOptions), failures);
        }

        section.Bind(options);
    }
}
