using System.Net.Security;
using System.Net.Sockets;
using Discovery.Security;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

/// <summary>One member of the cluster, on a channel of its own.</summary>
internal sealed partial class EtcdEndpoint : IDisposable
{
    /// <summary>A list of some hundred thousand instances; etcd itself sends watch events in pieces of at most 2 MB.</summary>
    public const int MaxReceiveBytes = 64 * 1024 * 1024;

    // etcd punishes clients that ping more often than each 5 s, and those that ping on idle connections.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly ClientTls? _tls;
    private readonly string? _serverName;
    private readonly Secrets _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private SslClientAuthenticationOptions? _authentication;
    private volatile GrpcChannel _channel;
    private volatile bool _disposed;

    /// <param name="address">Its client URL.</param>
    /// <param name="tls">TLS, for an https URL.</param>
    /// <param name="secrets">What none of its failures may show.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it logs.</param>
    public EtcdEndpoint(Uri address, TlsOptions tls, Secrets secrets, TimeProvider time, ILogger logger)
    {
        Address = address;
        _secrets = secrets;
        _time = time;
        _logger = logger;
        _tls = address.Scheme == Uri.UriSchemeHttps ? new ClientTls(tls, time) : null;
        _authentication = _tls?.CreateAuthenticationOptions();
        _serverName = tls.ServerName;
        _channel = CreateChannel();
    }

    public Uri Address { get; }

    /// <summary>What calls are made on now; streams of an earlier one are to be moved here.</summary>
    public object Generation => _channel;

    /// <summary>For one call, or one stream.</summary>
    public CallInvoker CreateInvoker()
    {
        ReloadTls();
        return _channel.CreateCallInvoker();
    }

    /// <summary>Moves to new connections where the TLS files have changed. Also for those who only keep a stream open.</summary>
    public void ReloadTls()
    {
        if (!_disposed && _tls?.Reload(e => LogUnusable(Address, e.Message)) is { } changed)
        {
            LogReloaded(Address);
            _authentication = changed;
            _ = RetireAsync(Interlocked.Exchange(ref _channel, CreateChannel()));
        }
    }

    /// <inheritdoc cref="ClientTls.Answered"/>
    public void Answered() => _tls?.Answered();

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

    /// <summary>The failure of a call, saying which endpoint it is of and whether it is about TLS, with nothing in it that must not be shown.</summary>
    public RpcException Failed(RpcException e)
    {
        var where = Address.GetLeftPart(UriPartial.Authority);
        return e.Status.DebugException is { } cause && _tls?.Explain(cause) is { } tls
            ? new RpcException(new Status(StatusCode.Unauthenticated, $"{EtcdStatus.TlsFailure}{tls.TrimEnd('.')} ({where})", cause), e.Trailers)
            : new RpcException(new Status(e.StatusCode, $"{where}: {_secrets.Hide(e.Status.Detail)}", e.Status.DebugException), e.Trailers);
    }

    /// <summary>What etcd gives for a reason, as <see cref="Failed"/> would show it.</summary>
    public RpcException Refused(StatusCode status, string reason) => Failed(new RpcException(new Status(status, reason)));

    public void Dispose()
    {
        _disposed = true;
        _channel.Dispose();
    }

    // What is under way ends on the old connections; streams, which may never end, are moved.
    private async Task RetireAsync(GrpcChannel channel)
    {
        await Task.Delay(CallTimes.Call, _time).ConfigureAwait(false);
        channel.Dispose();
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
