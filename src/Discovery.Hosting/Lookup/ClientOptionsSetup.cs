using Discovery.Configuration;
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
        var dns = section.GetSection(nameof(ClientOptions.Dns));
        var services = section.GetSection(nameof(ClientOptions.Services)).GetChildren().ToList();
        var failures = new List<string>();
        SettingFormat.Require<int>(section, nameof(ClientOptions.MaxWatchedServices), AllowedMaxWatchedServices, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(ClientOptions.FirstAnswerTimeout), AllowedFirstAnswerTimeout, failures);
        SettingFormat.Require<TimeSpan>(section, nameof(ClientOptions.EmptyHold), AllowedEmptyHold, failures);
        SettingFormat.Require<bool>(dns, nameof(DnsOptions.Enabled), AllowedSwitch, failures);
        SettingFormat.Require<int>(dns, nameof(DnsOptions.Port), AllowedPort, failures);
        BalancingRules.PanicThresholdPercent.Require(section, failures);
        Require(section.GetSection(nameof(ClientOptions.ConsistentHash)), BalancingRules.ConsistentHash, failures);
        foreach (var caller in services.Prepend(section))
        {
            RequireBalancing(caller, failures);
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(ClientOptions), failures);
        }

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

    private static void RequireBalancing(IConfigurationSection caller, List<string> failures)
    {
        var outliers = caller.GetSection(nameof(ClientOptions.Outliers));
        var zones = caller.GetSection(nameof(ClientOptions.ZonePreference));
        SettingFormat.Require<bool>(outliers, nameof(OutlierOptions.Enabled), AllowedSwitch, failures);
        SettingFormat.Require<bool>(zones, nameof(ZonePreferenceOptions.Enabled), AllowedSwitch, failures);
        Require(outliers, BalancingRules.Outliers, failures);
        Require(zones, BalancingRules.ZonePreference, failures);
        Require(caller.GetSection(nameof(ClientOptions.SlowStart)), BalancingRules.SlowStart, failures);
    }

    private static void Require<T>(IConfigurationSection section, SettingRule<T>[] rules, List<string> failures) =>
        Array.ForEach(rules, rule => rule.Require(section, failures));

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
