using System.Globalization;

namespace Discovery.Consul.Wire;

/// <summary>The key of an endpoint among <c>TaggedAddresses</c>: its scheme, and from the second of a scheme on a number: <c>http-2</c>.</summary>
internal static class EndpointTag
{
    public static string Create(string scheme, int ordinal) =>
        ordinal == 1 ? scheme : string.Create(CultureInfo.InvariantCulture, $"{scheme}-{ordinal}");

    /// <summary>Whether the tag is that of an endpoint.</summary>
    public static bool IsEndpoint(string tag) => TryParse(tag, out _, out _);

    /// <summary>Reads scheme and number; false for a tag that is no endpoint's (<c>lan_ipv4</c>, <c>wan</c>, a mesh's own).</summary>
    public static bool TryParse(string tag, out string scheme, out int ordinal)
    {
        var dash = tag.IndexOf('-', StringComparison.Ordinal);
        scheme = dash < 0 ? tag : tag[..dash];
        ordinal = 1;
        return EndpointUri.IsScheme(scheme)
            && (dash < 0 || (int.TryParse(tag.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ordinal) && ordinal > 1));
    }
}
