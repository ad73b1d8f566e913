namespace Discovery;

/// <summary>The rule for service names and instance IDs: what may become part of a key, a URL path or a DNS name.</summary>
/// <remarks>
/// A service name is <c>[a-z0-9][a-z0-9._-]{0,62}</c> after lower-casing (URIs lower-case host names, so names that differ by
/// case only could not be told apart by callers). An instance ID is 1 to 200 characters of <c>[A-Za-z0-9._:@-]</c>.
/// </remarks>
public static class ServiceName
{
    /// <summary>What is allowed in a service name, as a message says it.</summary>
    public const string Allowed = "1 to 63 characters a-z, 0-9, '.', '_' or '-', the first one a letter or digit";

    /// <summary>What is allowed in an instance ID, as a message says it.</summary>
    public const string AllowedId = "1 to 200 characters A-Z, a-z, 0-9, '.', '_', ':', '@' or '-'";

    /// <summary>Lower-cases a name and checks it.</summary>
    /// <returns>False when it is not a service name.</returns>
    public static bool TryNormalize(string? name, out string normalized)
    {
        normalized = IsNormalized(name) ? name! : name?.ToLowerInvariant() ?? "";
        return IsNormalized(normalized);
    }

    /// <summary>Lower-cases a name and checks it.</summary>
    /// <exception cref="ArgumentException">It is not a service name.</exception>
    public static string Normalize(string name) =>
        TryNormalize(name, out var normalized) ? normalized : throw new ArgumentException($"'{name}' is not a service name; allowed are {Allowed}.", nameof(name));

    /// <summary>What a registry is asked about: lower-cases a name and checks it.</summary>
    /// <exception cref="RegistryException">Invalid: it is not a service name.</exception>
    public static string Checked(string? name) =>
        TryNormalize(name, out var normalized) ? normalized : throw new RegistryException(RegistryErrorKind.Invalid, $"'{name}' is not a service name; allowed are {Allowed}.");

    /// <summary>What a registry is asked about: checks an instance ID.</summary>
    /// <exception cref="RegistryException">Invalid: it is not an instance ID.</exception>
    public static string CheckedId(string? id) =>
        IsInstanceId(id) ? id! : throw new RegistryException(RegistryErrorKind.Invalid, $"'{id}' is not an instance ID; allowed are {AllowedId}.");

    /// <summary>Whether the host of a URI may be the name of a service: neither an IP address nor localhost, and allowed as a name.</summary>
    /// <remarks>A dotted one may as well be a host of the domain name system: it is a service only where <see cref="IServiceDiscovery.GetServicesAsync"/> knows it.</remarks>
    /// <param name="uri">An absolute URI.</param>
    /// <param name="name">The name.</param>
    public static bool TryGetFromHost(Uri uri, out string name)
    {
        ArgumentNullException.ThrowIfNull(uri);
        name = "";
        return uri.HostNameType is UriHostNameType.Dns && !uri.IsLoopback && TryNormalize(uri.Host, out name);
    }

    /// <summary>Whether the ID may stand in a registry.</summary>
    public static bool IsInstanceId(string? id)
    {
        if (id is not { Length: >= 1 and <= 200 } || id is "." or "..")
        {
            return false;
        }

        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or ':' or '@' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNormalized(string? name)
    {
        if (name is not { Length: >= 1 and <= 63 } || !IsLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!IsLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;

        static bool IsLetterOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
    }
}
