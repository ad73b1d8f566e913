using System.Globalization;

namespace Discovery.Etcd.Layouts;

/// <summary><c>host:port</c>, which is all of an endpoint that most layouts have a place for.</summary>
internal static class HostPort
{
    /// <summary>With IPv6 addresses in brackets, as Go's <c>net.JoinHostPort</c> writes it.</summary>
    public static string Format(Uri endpoint) => Join(endpoint, isBracketed: true);

    /// <summary>With IPv6 addresses as they are.</summary>
    public static string FormatWithoutBrackets(Uri endpoint) => Join(endpoint, isBracketed: false);

    /// <summary>The first endpoint of these schemes, or the preferred one where there is none.</summary>
    public static Uri Choose(ServiceInstance instance, params ReadOnlySpan<string> schemes)
    {
        foreach (var endpoint in instance.Endpoints)
        {
            if (schemes.Contains(endpoint.Scheme))
            {
                return endpoint;
            }
        }

        return instance.Endpoints[0];
    }

    /// <summary>Reads either spelling, or a whole URL, whose scheme then counts; null where the text is no endpoint.</summary>
    public static Uri? Parse(string? text, string scheme)
    {
        if (text is not { Length: <= EndpointUri.MaxLength } || text.Contains("://", StringComparison.Ordinal))
        {
            return EndpointUri.Parse(text);
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var host = text is ['[', ..] && text[colon - 1] == ']' ? text[1..(colon - 1)] : text[..colon];
        return Uri.CheckHostName(host) switch
        {
            UriHostNameType.Unknown => null,
            UriHostNameType.IPv6 => EndpointUri.Parse($"{scheme}://[{host}]:{port}"),
            _ => EndpointUri.Parse($"{scheme}://{host}:{port}"),
        };
    }

    private static string Join(Uri endpoint, bool isBracketed)
    {
        var host = EndpointUri.HostOf(endpoint) ?? endpoint.Host;
        host = isBracketed && host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{endpoint.Port}");
    }
}
