using System.Globalization;
using System.Net;
using Discovery.Configuration;
using Discovery.Hosting.Configuration;
using Discovery.Hosting.LoadBalancing;
using Microsoft.Extensions.Options;

namespace Discovery.Hosting.Lookup;

internal sealed class ClientOptionsValidator(LoadBalancingPolicies policies) : IValidateOptions<ClientOptions>
{
    private const string Section = ClientOptions.SectionName;
    private const int MaxLabel = 63;
    private const string AllowedLabels = "a domain name: letters, digits, '-' and '_' between dots, at most 63 in a row";
    private static readonly TimeSpan MaxFirstAnswerTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxEmptyHold = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        List<string> failures = [.. Numbers(options), .. Balancing(options), .. Policies(options), .. Names(options), .. Static(options), .. Dns(options.Dns)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Numbers(ClientOptions options)
    {
        if (options.MaxWatchedServices is < 1 or > 100_000)
        {
            yield return Message(
                nameof(options.MaxWatchedServices), options.MaxWatchedServices.ToString(CultureInfo.InvariantCulture), ClientOptionsSetup.AllowedMaxWatchedServices);
        }

        if (options.FirstAnswerTimeout < TimeSpan.Zero || options.FirstAnswerTimeout > MaxFirstAnswerTimeout)
        {
            yield return Message(nameof(options.FirstAnswerTimeout), SettingFormat.Text(options.FirstAnswerTimeout), ClientOptionsSetup.AllowedFirstAnswerTimeout);
        }

        if (options.EmptyHold < TimeSpan.Zero || options.EmptyHold > MaxEmptyHold)
        {
            yield return Message(nameof(options.EmptyHold), SettingFormat.Text(options.EmptyHold), ClientOptionsSetup.AllowedEmptyHold);
        }
    }

    private static IEnumerable<string> Balancing(ClientOptions options)
    {
        if (BalancingRules.PanicThresholdPercent.Check(Section, options) is { } failure)
        {
            yield return failure;
        }

        var own = Check($"{Section}:{nameof(options.Outliers)}", options.Outliers, BalancingRules.Outliers)
            .Concat(Check($"{Section}:{nameof(options.SlowStart)}", options.SlowStart, BalancingRules.SlowStart))
            .Concat(Check($"{Section}:{nameof(options.ZonePreference)}", options.ZonePreference, BalancingRules.ZonePreference))
            .Concat(Check($"{Section}:{nameof(options.ConsistentHash)}", options.ConsistentHash, BalancingRules.ConsistentHash));
        var ofServices = options.Services.SelectMany(service => BalancingOf($"{Section}:{nameof(options.Services)}:{service.Key}", service.Value));
        foreach (var other in own.Concat(ofServices).Concat(Texts(options)))
        {
            yield return other;
        }
    }

    private static IEnumerable<string> Texts(ClientOptions options)
    {
        if (options.Zone?.Any(char.IsControl) ?? false)
        {
            yield return Message(nameof(options.Zone), options.Zone, "text without control characters");
        }

        using var headers = new HttpRequestMessage();
        foreach (var (service, settings) in options.Services)
        {
            if (settings.KeyHeader is { } header && !headers.Headers.TryAddWithoutValidation(header, ""))
            {
                yield return Message($"{nameof(options.Services)}:{service}:{nameof(settings.KeyHeader)}", header, "the name of a request header");
            }
        }
    }

    private static IEnumerable<string> BalancingOf(string section, ServiceClientOptions service) =>
        Check($"{section}:{nameof(service.Outliers)}", service.Outliers, BalancingRules.Outliers)
            .Concat(Check($"{section}:{nameof(service.SlowStart)}", service.SlowStart, BalancingRules.SlowStart))
            .Concat(Check($"{section}:{nameof(service.ZonePreference)}", service.ZonePreference, BalancingRules.ZonePreference));

    private static IEnumerable<string> Check<T>(string section, T? options, SettingRule<T>[] rules)
        where T : class =>
        options is null ? [] : rules.Select(rule => rule.Check(section, options)).OfType<string>();

    private IEnumerable<string> Policies(ClientOptions options)
    {
        var allowed = $"the name of a known policy. Known policies: {string.Join(", ", policies.Names)}";
        if (!policies.IsKnown(options.LoadBalancing))
        {
            yield return Message(nameof(options.LoadBalancing), options.LoadBalancing, allowed);
        }

        foreach (var (service, settings) in options.Services)
        {
            if (settings.LoadBalancing is { } policy && !policies.IsKnown(policy))
            {
                yield return Message($"{nameof(options.Services)}:{service}:{nameof(settings.LoadBalancing)}", policy, allowed);
            }
        }
    }

    private static IEnumerable<string> Names(ClientOptions options) =>
        from setting in options.Services.Keys.Select(key => (Path: nameof(options.Services), Name: key))
            .Concat(options.Static.Keys.Select(key => (Path: nameof(options.Static), Name: key)))
        where !ServiceName.TryNormalize(setting.Name, out _)
        select Message($"{setting.Path}:{setting.Name}", setting.Name, $"a service name: {ServiceName.Allowed}");

    private static IEnumerable<string> Static(ClientOptions options)
    {
        foreach (var (service, endpoints) in options.Static)
        {
            for (var i = 0; i < endpoints.Count; i++)
            {
                if (!IsHttp(endpoints[i]))
                {
                    yield return Message(
                        string.Create(CultureInfo.InvariantCulture, $"{nameof(options.Static)}:{service}:{i}"), SettingFormat.WithoutUser(endpoints[i]), "an absolute http or https URI without a user");
                }
            }
        }
    }

    private static IEnumerable<string> Dns(DnsOptions dns)
    {
        if (dns.Scheme is not ("http" or "https"))
        {
            yield return Message($"{nameof(ClientOptions.Dns)}:{nameof(dns.Scheme)}", dns.Scheme, "http or https");
        }

        if (dns.Port is < 1 or > IPEndPoint.MaxPort)
        {
            yield return Message($"{nameof(ClientOptions.Dns)}:{nameof(dns.Port)}", dns.Port.Value.ToString(CultureInfo.InvariantCulture), ClientOptionsSetup.AllowedPort);
        }

        if (dns.Suffix is { Length: > 0 } suffix && !AreLabels(suffix.EndsWith('.') ? suffix[..^1] : suffix))
        {
            yield return Message($"{nameof(ClientOptions.Dns)}:{nameof(dns.Suffix)}", suffix, AllowedLabels);
        }

        if (dns.SrvPrefix is { Length: > 0 } prefix && !AreLabels(prefix))
        {
            yield return Message($"{nameof(ClientOptions.Dns)}:{nameof(dns.SrvPrefix)}", prefix, AllowedLabels);
        }

        for (var i = 0; i < dns.Servers.Count; i++)
        {
            if (!IPEndPoint.TryParse(dns.Servers[i], out _))
            {
                yield return Message(
                    string.Create(CultureInfo.InvariantCulture, $"{nameof(ClientOptions.Dns)}:{nameof(dns.Servers)}:{i}"),
                    dns.Servers[i], "an IP address, with or without a port");
            }
        }
    }

    // Letters of all scripts: a name of others than ASCII's is asked for as IDNA writes it.
    private static bool AreLabels(string name) =>
        name.Split('.').All(label => label.Length is > 0 and <= MaxLabel && label.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'));

    private static bool IsHttp(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "" };

    private static string Message(string key, string? value, string allowed) => SettingFormat.Message($"{Section}:{key}", value, allowed);
}
