using System.Net.Security;
using System.Net.Sockets;
using Discovery.Security;
using Grpc.Core;
using Grpc.Net.Client;

namespace Discovery.Etcd.Channels;

/// <summary>One member of the cluster, on a channel of its own.</summary>
internal sealed class EtcdEndpoint : IDisposable
{
    // A list of some hundred thousand instances; etcd itself sends watch events in pieces of at most 2 MB.
    private const int MaxReceiveBytes = 64 * 1024 * 1024;

    // etcd punishes clients that ping more often than each 5 s, and those that ping on idle connections.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly SslClientAuthenticationOptions? _authentication;
    private readonly string? _serverName;
    private volatile GrpcChannel _channel;
    private volatile bool _disposed;

    public EtcdEndpoint(Uri address, TlsOptions tls)
    {
        Address = address;
        _authentication = address.Scheme == Uri.UriSchemeHttps ? new ClientTls(tls).CreateAuthenticationOptions() : null;
        _serverName = tls.ServerName;
        _channel = CreateChannel();
    }

    public Uri Address { get; }

    public CallInvoker CreateInvoker() => _channel.CreateCallInvoker();

    /// <summary>
    /// Lets go of a connection that is open and silent, so that the next call makes another one: until its pings run out, a
    /// connection through which nothing comes any more looks like any other.
    /// </summary>
    public void Reconnect()
    {
        if (!_disposed)
        {
            Interlocked.Exchange(ref _channel, CreateChannel()).Dispose();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _channel.Dispose();
    }

    private GrpcChannel CreateChannel()
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
            ConnectCallback = (_, cancellationToken) => ConnectAsync(Address, cancellationToken),
        };
        var address = Address;
        if (_authentication is not null)
        {
            handler.SslOptions = _authentication;
            address = _serverName is { } name ? new UriBuilder(Address) { Host = name }.Uri : Address;
        }

        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxReceiveBytes,
        });
    }

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
