namespace Discovery;

/// <summary>The rule for endpoints: what may be announced, and what is believed of a registry, a file or a cache.</summary>
/// <remarks>
/// An endpoint is an absolute URI with a host, a port and no user, of a scheme that callers can open a connection with:
/// whoever may write to a registry is not to have a caller read a file, or a browser run a script.
/// </remarks>
public static class EndpointUri
{
    /// <summary>What is allowed for a scheme, as a message says it.</summary>
    public const string AllowedSchemes = "http, https, grpc, grpcs, h2c, ws, wss, tcp, tls or udp";

    /// <summary>The longest text that is read as an endpoint.</summary>
    public const int MaxLength = 2048;

    /// <summary>Reads an endpoint; null where the text is none.</summary>
    public static Uri? Parse(string? text) =>
        text is { Length: <= MaxLength } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsUsable(uri) ? uri : null;

    /// <summary>Whether callers can use the endpoint.</summary>
    public static bool IsUsable(Uri? endpoint) =>
        endpoint is { IsAbsoluteUri: true, Host.Length: > 0, Port: > 0, UserInfo: "", OriginalString.Length: <= MaxLength }
            && IsScheme(endpoint.Scheme) && HostOf(endpoint) is not null;

    /// <summary>Whether an endpoint may be of the scheme, which is in lower case.</summary>
    public static bool IsScheme(string scheme) => scheme is "http" or "https" or "grpc" or "grpcs" or "h2c" or "ws" or "wss" or "tcp" or "tls" or "udp";

    /// <summary>The host of an absolute URI as connections are made to it: in the form of the domain name system, IPv6 without brackets; null where it has none.</summary>
    public static string? HostOf(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        try
        {
            return Uri.CheckHostName(endpoint.IdnHost) == UriHostNameType.Unknown ? null : endpoint.IdnHost;
        }
        catch (UriFormatException)
        {
            return null; // taken for a host when the URI was read, and found to have no name in DNS only here
        }
    }
}
