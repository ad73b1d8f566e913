using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Consul.Configuration;

/// <summary>Binds <c>Discovery:Consul</c>, after every text in it that cannot be converted has been found.</summary>
internal sealed class ConsulOptionsSetup(IConfiguration configuration) : IConfigureOptions<ConsulOptions>
{
    public void Configure(ConsulOptions options)
    {
        var section = configuration.GetSection(ConsulOptions.SectionName);
        new SettingTexts(section)
            .Require<TimeSpan>(nameof(options.CheckInterval), ConsulOptionsValidator.CheckIntervalAllowed)
            .Require<TimeSpan>(nameof(options.CheckTimeout), ConsulOptionsValidator.CheckTimeoutAllowed)
            .Require<TimeSpan>(nameof(options.DeregisterCriticalServiceAfter), ConsulOptionsValidator.DeregisterAfterAllowed)
            .Require<int>(nameof(options.MaxConnections), ConsulOptionsValidator.MaxConnectionsAllowed)
            .ThrowIfRefused<ConsulOptions>();
        section.Bind(options);
    }
}
