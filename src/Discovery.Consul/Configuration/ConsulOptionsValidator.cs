using System.Globalization;
using Discovery.Configuration;
using Discovery.Consul.Client;
using Discovery.Consul.Peers;
using Discovery.Security;
using Microsoft.Extensions.Options;

namespace Discovery.Consul.Configuration;

/// <summary>Says what is wrong with the settings, each message naming its path, the value and what is allowed.</summary>
internal sealed class ConsulOptionsValidator : IValidateOptions<ConsulOptions>
{
    public const string CheckIntervalAllowed = "a time span of 1 s to 1 h, such as 00:00:10";
    public const string CheckTimeoutAllowed = "a time span of 100 ms to 1 min, such as 00:00:05";
    public const string DeregisterAfterAllowed = "a time span of 1 min to 30 days, such as 00:01:00, or 0 for never";

    public const string MaxConnectionsAllowed = "a number from 6 to 1000";

    public ValidateOptionsResult Validate(string? name, ConsulOptions options)
    {
        List<string> failures = [.. ValidateAgent(options), .. ValidateToken(options), .. ValidateCheck(options), .. ValidateCompatibility(options),
            .. options.Tls.Validate($"{ConsulOptions.SectionName}:{nameof(options.Tls)}")];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> ValidateAgent(ConsulOptions options)
    {
        if (!ConsulAddress.TryParse(options.Address, out _))
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.Address)), SettingFormat.WithoutUser(options.Address), ConsulAddress.Allowed);
        }

        if (options.MaxConnections is < 6 or > 1000)
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.MaxConnections)), options.MaxConnections.ToString(CultureInfo.InvariantCulture), MaxConnectionsAllowed);
        }

        if (options.Datacenter is { } datacenter && !IsDatacenter(datacenter))
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.Datacenter)), datacenter, "a datacenter's name: 1 to 64 characters A-Z, a-z, 0-9, '_' or '-'");
        }
    }

    private static IEnumerable<string> ValidateToken(ConsulOptions options)
    {
        if (options is { Token.Length: > 0, TokenFile.Length: > 0 })
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.TokenFile)), options.TokenFile, $"no value while {Path(options, nameof(options.Token))} is set, too");
        }
        else if (options.TokenFile is { Length: > 0 } file
            && new SecretFile(file).Validate(Path(options, nameof(options.TokenFile))) is { } failure)
        {
            yield return failure;
        }

        if (options.Token is { } token && !IsHeaderValue(token))
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.Token)), "***", "a token of visible ASCII characters");
        }
    }

    private static IEnumerable<string> ValidateCheck(ConsulOptions options)
    {
        // By name, since the enumeration itself also reads numbers and lists.
        if (!Enum.GetNames<ConsulCheckKind>().Contains(options.Check, StringComparer.OrdinalIgnoreCase))
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.Check)), options.Check, string.Join(", ", Enum.GetNames<ConsulCheckKind>()));
        }

        if (options.CheckInterval < TimeSpan.FromSeconds(1) || options.CheckInterval > TimeSpan.FromHours(1))
        {
            yield return SettingFormat.Message(Path(options, nameof(options.CheckInterval)), SettingFormat.Text(options.CheckInterval), CheckIntervalAllowed);
        }

        if (options.CheckTimeout < TimeSpan.FromMilliseconds(100) || options.CheckTimeout > TimeSpan.FromMinutes(1))
        {
            yield return SettingFormat.Message(Path(options, nameof(options.CheckTimeout)), SettingFormat.Text(options.CheckTimeout), CheckTimeoutAllowed);
        }

        if (options.CheckPath is not ['/', ..] || !Uri.IsWellFormedUriString(options.CheckPath, UriKind.Relative))
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.CheckPath)), options.CheckPath, "a path that begins with '/', such as /health/ready");
        }

        if (options.DeregisterCriticalServiceAfter != TimeSpan.Zero
            && (options.DeregisterCriticalServiceAfter < TimeSpan.FromMinutes(1) || options.DeregisterCriticalServiceAfter > TimeSpan.FromDays(30)))
        {
            yield return SettingFormat.Message(
                Path(options, nameof(options.DeregisterCriticalServiceAfter)), SettingFormat.Text(options.DeregisterCriticalServiceAfter), DeregisterAfterAllowed);
        }
    }

    private static IEnumerable<string> ValidateCompatibility(ConsulOptions options)
    {
        for (var i = 0; i < options.Compatibility.Count; i++)
        {
            if (!PeerNames.TryParse(options.Compatibility[i], out _))
            {
                yield return SettingFormat.Message($"{Path(options, nameof(options.Compatibility))}:{i}", options.Compatibility[i], PeerNames.Allowed);
            }
        }
    }

    private static string Path(ConsulOptions options, string setting) =>
        options.EnvironmentOrigins.TryGetValue(setting, out var variable) ? variable : $"{ConsulOptions.SectionName}:{setting}";

    private static bool IsDatacenter(string name) =>
        name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool IsHeaderValue(string token) => token.All(c => c is > ' ' and <= '~');
}
