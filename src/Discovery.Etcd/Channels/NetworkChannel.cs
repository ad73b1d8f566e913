using System.Net.Security;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;

namespace Discovery.Etcd.Channels;

/// <summary>A member reached over the network.</summary>
internal sealed class NetworkChannel : IEtcdChannel
{
    /// <summary>A list of some hundred thousand instances; etcd itself sends watch events in pieces of at most 2 MB.</summary>
    public const int MaxReceiveBytes = 64 * 1024 * 1024;

    // etcd punishes clients that ping more often than each 5 s, and those that ping on idle connections.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly GrpcChannel _channel;

    /// <param name="address">Its client URL.</param>
    /// <param name="authentication">TLS, for an https URL.</param>
    /// <param name="serverName">The name its certificate has, where that is not the address's.</param>
    public NetworkChannel(Uri address, SslClientAuthenticationOptions? authentication, string? serverName)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            // Besides dialling the endpoint under whatever name the certificate has, this keeps Grpc.Net.Client from dialling
            // itself, with a back-off of up to two minutes that nobody here asked for.
            ConnectCallback = (_, cancellationToken) => ConnectAsync(address, cancellationToken),
        };
        var target = address;
        if (authentication is not null)
        {
            handler.SslOptions = authentication;
            target = serverName is { } name ? new UriBuilder(address) { Host = name }.Uri : address;
        }

        _channel = GrpcChannel.ForAddress(target, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxReceiveBytes,
        });
    }

    public CallInvoker CreateInvoker() => _channel.CreateCallInvoker();

    public void Dispose() => _channel.Dispose();

    private static async ValueTask<Stream> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.IdnHost, address.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
