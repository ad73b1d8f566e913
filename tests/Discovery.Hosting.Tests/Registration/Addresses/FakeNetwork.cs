using System.Net;
using System.Net.Sockets;
using Discovery.Hosting.Registration.Addresses;

namespace Discovery.Hosting.Tests.Registration.Addresses;

internal sealed class FakeNetwork : INetworkView
{
    public IReadOnlyList<IPAddress> LocalAddresses { get; init; } = [IPAddress.Loopback];

    public IPAddress? Towards { get; init; }

    public IPAddress? DefaultRoute { get; init; }

    public ValueTask<IPAddress?> SourceAddressTowardsAsync(string host, int port, bool onlyIPv4, CancellationToken cancellationToken) =>
        new(Fits(Towards, onlyIPv4));

    public IPAddress? DefaultRouteAddress(bool onlyIPv4) => Fits(DefaultRoute, onlyIPv4);

    private static IPAddress? Fits(IPAddress? address, bool onlyIPv4) =>
        onlyIPv4 && address?.AddressFamily != AddressFamily.InterNetwork ? null : address;
}
