using System.Net;
using Microsoft.AspNetCore.Http;

namespace Discovery.Hosting.Registration.Addresses;

/// <summary>One address as the server reports it: a scheme, a host that may be a wildcard, and a port.</summary>
internal readonly record struct BoundAddress(string Scheme, string Host, int Port)
{
    /// <summary>All IPv4 addresses of this machine and no IPv6 ones.</summary>
    public bool IsIPv4Wildcard => IPAddress.TryParse(Host, out var address) && address.Equals(IPAddress.Any);

    /// <summary>All addresses of this machine: the server binds both families, whichever way the wildcard is written.</summary>
    public bool IsWildcard => Host is "*" or "+" || (IPAddress.TryParse(Host, out var address) && EndpointRules.IsWildcard(address));

    /// <summary>Reads what a server reports.</summary>
    /// <returns>Null for a unix socket or a named pipe, which callers elsewhere cannot reach.</returns>
    public static BoundAddress? Parse(string address)
    {
        var parsed = BindingAddress.Parse(address);
        return parsed.IsUnixPipe || parsed.IsNamedPipe
            ? null
            : new BoundAddress(parsed.Scheme.ToLowerInvariant(), parsed.Host.Trim('[', ']'), parsed.Port);
    }
}
