using System.Net;
using System.Net.Sockets;

namespace Discovery.Hosting.Registration.Addresses;

/// <summary>What may stand in a registry as an address of this app.</summary>
internal static class EndpointRules
{
    /// <summary>An endpoint as it may be advertised, or null where the text is none.</summary>
    public static Uri? Parse(string? text) =>
        EndpointUri.Parse(text) is { Query.Length: 0, Fragment.Length: 0, AbsolutePath: "/" or "" } uri
            && IsAdvertisableHost(uri.IdnHost)
            ? uri
            : null;

    /// <summary>Whether a host name or IP address is one that callers could reach: neither a wildcard nor link-local.</summary>
    public static bool IsAdvertisableHost(string host) =>
        IPAddress.TryParse(host, out var address) ? IsAdvertisable(address) : Uri.CheckHostName(host) == UriHostNameType.Dns;

    public static bool IsAdvertisable(IPAddress address) => !IsWildcard(address) && !IsLinkLocal(address) && !address.IsIPv6Multicast;

    public static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    public static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal
        || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);

    /// <summary>Whether a host can only be this machine itself.</summary>
    public static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Builds an endpoint; IPv6 addresses get their brackets.</summary>
    public static Uri Create(string scheme, string host, int port) => new UriBuilder(scheme, host, port).Uri;
}
