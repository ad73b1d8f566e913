using System.Net;
using System.Net.Sockets;

namespace Discovery.Hosting.Registration.Addresses;

/// <summary>Chooses the address that stands for a wildcard: the one by which callers reach this machine.</summary>
internal sealed class AdvertisedAddress(INetworkView network)
{
    /// <returns>A host for an endpoint: never a wildcard, never link-local; loopback where there is nothing else.</returns>
    public async ValueTask<string> ChooseAsync(
        IList<string> preferredNetworks, IReadOnlyList<Uri> registry, bool onlyIPv4, CancellationToken cancellationToken)
    {
        var preferred = preferredNetworks
            .Select(text => IPNetwork.Parse(text))
            .SelectMany(candidate => network.LocalAddresses.Where(candidate.Contains))
            .FirstOrDefault(IsUsable);
        if (preferred is not null)
        {
            return preferred.ToString();
        }

        // Whoever reads a registry on this machine is on this machine.
        if (registry.Count == 0)
        {
            return IPAddress.Loopback.ToString();
        }

        foreach (var endpoint in registry)
        {
            var source = await network.SourceAddressTowardsAsync(endpoint.IdnHost, endpoint.Port, onlyIPv4, cancellationToken).ConfigureAwait(false);
            if (source is not null && IsUsable(source) && !IPAddress.IsLoopback(source))
            {
                return source.ToString();
            }
        }

        var address = network.DefaultRouteAddress(onlyIPv4) is { } route && IsUsable(route)
            ? route
            : network.LocalAddresses.Where(IsUsable).OrderBy(IPAddress.IsLoopback).FirstOrDefault();
        return (address ?? IPAddress.Loopback).ToString();

        bool IsUsable(IPAddress address) =>
            EndpointRules.IsAdvertisable(address) && (!onlyIPv4 || address.AddressFamily == AddressFamily.InterNetwork);
    }
}
