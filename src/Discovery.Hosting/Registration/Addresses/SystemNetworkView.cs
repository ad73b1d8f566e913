using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Discovery.Hosting.Registration.Addresses;

internal sealed class SystemNetworkView : INetworkView
{
    private const int AnyPort = 9;

    // Documentation addresses (RFC 5737, RFC 3849): routed like any other, and nothing is sent there.
    private static readonly IPAddress SomewhereIPv4 = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress SomewhereIPv6 = IPAddress.Parse("2001:db8::1");

    public IReadOnlyList<IPAddress> LocalAddresses =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)];

    public async ValueTask<IPAddress?> SourceAddressTowardsAsync(string host, int port, bool onlyIPv4, CancellationToken cancellationToken)
    {
        IPAddress[] targets;
        try
        {
            targets = await Dns.GetHostAddressesAsync(host, onlyIPv4 ? AddressFamily.InterNetwork : AddressFamily.Unspecified, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null; // a registry whose name cannot be resolved cannot tell us which way it lies
        }

        return targets.Select(target => SourceAddress(target, port)).FirstOrDefault(address => address is not null);
    }

    public IPAddress? DefaultRouteAddress(bool onlyIPv4) =>
        SourceAddress(SomewhereIPv4, AnyPort) ?? (onlyIPv4 ? null : SourceAddress(SomewhereIPv6, AnyPort));

    // Connecting a datagram socket makes the system choose the route and the source address, and sends nothing.
    private static IPAddress? SourceAddress(IPAddress target, int port)
    {
        try
        {
            using var socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(target, port);
            var address = (socket.LocalEndPoint as IPEndPoint)?.Address;
            return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        }
        catch (SocketException)
        {
            return null; // no route
        }
    }
}
