using Discovery.Configuration;
using Discovery.Hosting.Configuration;
using Discovery.Hosting.LoadBalancing;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Lookup;

internal sealed class ClientOptionsSetup(IConfiguration configuration, IEnumerable<IConfigureOptions<RegistrationOptions>> registration)
    : IConfigureOptions<ClientOptions>, IPostConfigureOptions<ClientOptions>
{
    public const string AllowedFirstAnswerTimeout = "00:00:00 to 00:01:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedEmptyHold = "00:00:00 to 01:00:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedMaxWatchedServices = "a whole number from 1 to 100000";
    public const string AllowedPort = "a whole number from 1 to 65535";
    private const string AllowedSwitch = "true or false";

    public void Configure(ClientOptions options)
    {
        var section = configuration.GetSection(ClientOptions.SectionName);
        var services = section.GetSection(nameof(ClientOptions.Services)).GetChildren().ToList();
        var texts = new SettingTexts(section)
            .Require<int>(nameof(ClientOptions.MaxWatchedServices), AllowedMaxWatchedServices)
            .Require<TimeSpan>(nameof(ClientOptions.FirstAnswerTimeout), AllowedFirstAnswerTimeout)
            .Require<TimeSpan>(nameof(ClientOptions.EmptyHold), AllowedEmptyHold)
            .Require<bool>($"{nameof(ClientOptions.Dns)}:{nameof(DnsOptions.Enabled)}", AllowedSwitch)
            .Require<int>($"{nameof(ClientOptions.Dns)}:{nameof(DnsOptions.Port)}", AllowedPort);
        BalancingRules.PanicThresholdPercent.Require(texts, "");
        Require(texts, $"{nameof(ClientOptions.ConsistentHash)}:", BalancingRules.ConsistentHash);
        RequireBalancing(texts, "");
        services.ForEach(service => RequireBalancing(texts, $"{nameof(ClientOptions.Services)}:{service.Key}:"));
        texts.ThrowIfRefused<ClientOptions>();
        section.Bind(options);
        services.ForEach(service => Inherit(options, service));
    }

    public void PostConfigure(string? name, ClientOptions options)
    {
        options.CacheDirectory ??= DefaultCacheDirectory();
        options.Zone ??= OwnZone();
    }

    // Without Create, .NET answers an empty string where the folder does not exist yet; without a home, it cannot be created at all.
    private static string DefaultCacheDirectory()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return home.Length == 0 ? "" : Path.Combine(home, "discovery-hosting", "cache");
    }

    private static void RequireBalancing(SettingTexts texts, string caller)
    {
        var (outliers, zones) = ($"{caller}{nameof(ClientOptions.Outliers)}:", $"{caller}{nameof(ClientOptions.ZonePreference)}:");
        texts.Require<bool>(outliers + nameof(OutlierOptions.Enabled), AllowedSwitch).Require<bool>(zones + nameof(ZonePreferenceOptions.Enabled), AllowedSwitch);
        Require(texts, outliers, BalancingRules.Outliers);
        Require(texts, zones, BalancingRules.ZonePreference);
        Require(texts, $"{caller}{nameof(ClientOptions.SlowStart)}:", BalancingRules.SlowStart);
    }

    private static void Require<T>(SettingTexts texts, string section, SettingRule<T>[] rules) => Array.ForEach(rules, rule => rule.Require(texts, section));

    // The binder would begin with the defaults; what a service's own section leaves out is as for all services.
    private static void Inherit(ClientOptions options, IConfigurationSection section)
    {
        if (options.For(section.Key) is not { } service)
        {
            return;
        }

        if (section.GetSection(nameof(service.Outliers)) is var outliers && outliers.Exists())
        {
            service.Outliers = options.Outliers.Copy();
            outliers.Bind(service.Outliers);
        }

        if (section.GetSection(nameof(service.SlowStart)) is var slowStart && slowStart.Exists())
        {
            service.SlowStart = options.SlowStart.Copy();
            slowStart.Bind(service.SlowStart);
        }

        if (section.GetSection(nameof(service.ZonePreference)) is var zones && zones.Exists())
        {
            service.ZonePreference = options.ZonePreference.Copy();
            zones.Bind(service.ZonePreference);
        }
    }

    // As the app registers itself, which may be said in code; that it may do so is for the registration's own validation to say.
    private string? OwnZone()
    {
        var own = new RegistrationOptions { Zone = configuration[$"{RegistrationOptions.SectionPath(null)}:{nameof(RegistrationOptions.Zone)}"] };
        foreach (var configure in registration.Where(configure => configure is not RegistrationOptionsSetup))
        {
            configure.Configure(own);
        }

        return own.Zone;
    }
}
