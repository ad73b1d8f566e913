using System.Globalization;

namespace Discovery.Consul.Wire;

/// <summary>The key of an endpoint among <c>TaggedAddresses</c>: its scheme, and from the second of a scheme on a number: <c>http-2</c>.</summary>
internal static class EndpointTag
{
    private const int MaxSchemeLength = 16;

    // What Consul itself, or its mesh, keeps among the addresses; names with '_' or '-' need not be listed.
    private static readonly string[] Reserved = ["lan", "wan", "virtual"];

    public static string Create(string scheme, int ordinal) =>
        ordinal == 1 ? scheme : string.Create(CultureInfo.InvariantCulture, $"{scheme}-{ordinal}");

    /// <summary>Reads scheme and number; false for a tag that is no endpoint's (<c>lan_ipv4</c>, <c>wan</c>, a mesh's own).</summary>
    public static bool TryParse(string tag, out string scheme, out int ordinal)
    {
        var dash = tag.IndexOf('-', StringComparison.Ordinal);
        scheme = dash < 0 ? tag : tag[..dash];
        ordinal = 1;
        return IsScheme(scheme)
            && (dash < 0 || (int.TryParse(tag.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ordinal) && ordinal > 1));
    }

    /// <summary>Whether an endpoint of this scheme can stand in Consul.</summary>
    public static bool IsScheme(string scheme)
    {
        if (scheme.Length is 0 or > MaxSchemeLength || !char.IsAsciiLetterLower(scheme[0]) || Reserved.Contains(scheme))
        {
            return false;
        }

        foreach (var c in scheme)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
