using Discovery.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Lookup;

internal sealed class ClientOptionsSetup(IConfiguration configuration) : IConfigureOptions<ClientOptions>, IPostConfigureOptions<ClientOptions>
{
    public const string AllowedFirstAnswerTimeout = "00:00:00 to 00:01:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedEmptyHold = "00:00:00 to 01:00:00 (hh:mm:ss; a bare number would be days)";
    public const string AllowedMaxWatchedServices = "a whole number from 1 to 100000";
    public const string AllowedPort = "a whole number from 1 to 65535";

    public void Configure(ClientOptions options)
    {
        var section = configuration.GetSection(ClientOptions.SectionName);
        new SettingTexts(section)
            .Require<int>(nameof(ClientOptions.MaxWatchedServices), AllowedMaxWatchedServices)
            .Require<TimeSpan>(nameof(ClientOptions.FirstAnswerTimeout), AllowedFirstAnswerTimeout)
            .Require<TimeSpan>(nameof(ClientOptions.EmptyHold), AllowedEmptyHold)
            .Require<bool>($"{nameof(ClientOptions.Dns)}:{nameof(DnsOptions.Enabled)}", "true or false")
            .Require<int>($"{nameof(ClientOptions.Dns)}:{nameof(DnsOptions.Port)}", AllowedPort)
            .ThrowIfRefused<ClientOptions>();
        section.Bind(options);
    }

    public void PostConfigure(string? name, ClientOptions options)
    {
        options.CacheDirectory ??= DefaultCacheDirectory();
    }

    // Without Create, .NET answers an empty string where the folder does not exist yet; without a home, it cannot be created at all.
    private static string DefaultCacheDirectory()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return home.Length == 0 ? "" : Path.Combine(home, "discovery-hosting", "cache");
    }
}
