using Discovery.Configuration;
using Discovery.Etcd.Layouts;
using Discovery.Security;
using Microsoft.Extensions.Options;

namespace Discovery.Etcd.Configuration;

/// <summary>Refuses what cannot work, each failure naming its configuration path, the value and what is allowed.</summary>
internal sealed class EtcdOptionsValidator : IValidateOptions<EtcdOptions>
{
    private const int MaxKeyPrefixLength = 200;

    public ValidateOptionsResult Validate(string? name, EtcdOptions options)
    {
        List<string> failures = [.. Endpoints(options), .. Credentials(options), .. Keys(options), .. options.Tls.Validate($"{EtcdOptions.SectionName}:{nameof(options.Tls)}")];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Endpoints(EtcdOptions options)
    {
        const string Allowed = "an http or https URL of a member, without credentials or a path, such as http://10.0.0.1:2379";
        for (var i = 0; i < options.Endpoints.Count; i++)
        {
            var endpoint = options.Endpoints[i];
            if (!IsEndpoint(endpoint))
            {
                yield return SettingFormat.Message($"{Path(nameof(options.Endpoints))}:{i}", SettingFormat.WithoutUser(endpoint), Allowed);
            }
        }
    }

    private static bool IsEndpoint(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri is { Host.Length: > 0, UserInfo: "", PathAndQuery: "/", Fragment: "" };

    private static IEnumerable<string> Credentials(EtcdOptions options)
    {
        var hasPassword = !string.IsNullOrEmpty(options.Password);
        if (options.Username is { Length: > 0 } && !hasPassword && options.PasswordFile is null)
        {
            yield return $"{Path(nameof(options.Password))} is not set; a {nameof(options.Username)} needs it, or a {nameof(options.PasswordFile)}.";
        }
        else if (string.IsNullOrEmpty(options.Username) && (hasPassword || options.PasswordFile is not null))
        {
            yield return $"{Path(nameof(options.Username))} is not set; a password needs the user it belongs to.";
        }
        else if (hasPassword && options.PasswordFile is { } both)
        {
            yield return SettingFormat.Message(Path(nameof(options.PasswordFile)), both, $"either {nameof(options.Password)} or {nameof(options.PasswordFile)}, not both");
        }

        if (options.PasswordFile is { } file && new SecretFile(file).Validate(Path(nameof(options.PasswordFile))) is { } unreadable)
        {
            yield return unreadable;
        }
    }

    private static IEnumerable<string> Keys(EtcdOptions options)
    {
        if (options.KeyPrefix is { } prefix && (prefix.Length is 0 or > MaxKeyPrefixLength || prefix.Any(c => c is <= ' ' or > '~')))
        {
            yield return SettingFormat.Message(Path(nameof(options.KeyPrefix)), prefix, $"1 to {MaxKeyPrefixLength} printable ASCII characters without spaces, such as /services");
        }

        if (!EtcdLayouts.TryGet(options.Layout, out var layout))
        {
            yield return SettingFormat.Message(Path(nameof(options.Layout)), options.Layout, $"one of the known layouts: {EtcdLayouts.Known}");
        }

        HashSet<string> prefixes = layout is null ? [] : [Keyspaces.Of(layout, options.KeyPrefix).Prefix];
        for (var i = 0; i < options.AlsoWrite.Count; i++)
        {
            if (!EtcdLayouts.TryGet(options.AlsoWrite[i], out var also) || also == layout)
            {
                yield return SettingFormat.Message(
                    $"{Path(nameof(options.AlsoWrite))}:{i}", options.AlsoWrite[i], $"a layout other than {nameof(options.Layout)}, of the known layouts: {EtcdLayouts.Known}");
            }
            else if (!prefixes.Add(also.DefaultKeyPrefix))
            {
                yield return SettingFormat.Message(
                    $"{Path(nameof(options.AlsoWrite))}:{i}", options.AlsoWrite[i], $"each layout once, and none whose keys start with '{also.DefaultKeyPrefix}' like another's: neither's readers could read the other's values");
            }
        }
    }

    private static string Path(string setting) => $"{EtcdOptions.SectionName}:{setting}";
}
