using System.Net;
using System.Net.Sockets;

namespace Discovery.Hosting.Lookup;

/// <summary>Opens a TCP connection and closes it.</summary>
internal sealed class TcpEndpointProbe(TimeProvider time) : IEndpointProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public async Task<ProbeResult> ProbeAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Port < 1 || EndpointUri.HostOf(endpoint) is not { } host)
        {
            return ProbeResult.Unknown;
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp); // which a process may have no descriptor left for
            await socket.ConnectAsync(new DnsEndPoint(host, endpoint.Port), either.Token).ConfigureAwait(false);
            return ProbeResult.Accepted;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionRefused ? ProbeResult.Refused : ProbeResult.Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Unknown;
        }
    }
}
