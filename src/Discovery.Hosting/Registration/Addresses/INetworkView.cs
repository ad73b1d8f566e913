using System.Net;

namespace Discovery.Hosting.Registration.Addresses;

/// <summary>What the advertised address is chosen from.</summary>
internal interface INetworkView
{
    /// <summary>The addresses of all network interfaces that are up.</summary>
    IReadOnlyList<IPAddress> LocalAddresses { get; }

    /// <summary>The source address the system would use towards a host, or null where it has no way there.</summary>
    ValueTask<IPAddress?> SourceAddressTowardsAsync(string host, int port, bool onlyIPv4, CancellationToken cancellationToken);

    /// <summary>The source address of the default route, or null where there is none.</summary>
    IPAddress? DefaultRouteAddress(bool onlyIPv4);
}
