using System.Net;
using System.Net.Sockets;
using Discovery.Security;

namespace Discovery.Consul.Client;

/// <summary>The pool of connections to the agent. Where a TLS file has changed, new requests get a new pool; those under way end on the old one.</summary>
internal sealed class ConsulConnections : IDisposable
{
    /// <summary>The agent takes 200 connections from one address over HTTP/1.1, and this process may not be the only one there.</summary>
    public const int MaxConnections = 160;

    private static readonly TimeSpan FileCheckInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Uri _agent;
    private readonly TlsOptions? _tls;
    private readonly TimeProvider _timeProvider;
    private HttpMessageInvoker? _current;
    private long _filesCheckedAt;
    private (DateTime Ca, DateTime Certificate, DateTime Key) _fileVersions;

    public ConsulConnections(Uri agent, TlsOptions tls, TimeProvider timeProvider, HttpMessageHandler? handler = null)
    {
        _current = handler is null ? null : new HttpMessageInvoker(handler);
        _agent = agent;
        _tls = agent.Scheme == Uri.UriSchemeHttps ? tls : null;
        _timeProvider = timeProvider;
        RequestBase = _tls?.ServerName is { } name ? new UriBuilder(agent) { Host = name }.Uri : agent;
    }

    /// <summary>What request URIs begin with: with a ServerName it is that name, which the handshake then verifies.</summary>
    public Uri RequestBase { get; }

    /// <exception cref="IOException">A TLS file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A TLS file cannot be used.</exception>
    public HttpMessageInvoker Current
    {
        get
        {
            lock (_gate)
            {
                return _current is null || TlsFilesChanged() ? _current = Create() : _current;
            }
        }
    }

    public void Dispose() => _current?.Dispose();

    private bool TlsFilesChanged()
    {
        if (_tls is null || _timeProvider.GetElapsedTime(_filesCheckedAt) < FileCheckInterval)
        {
            return false;
        }

        _filesCheckedAt = _timeProvider.GetTimestamp();
        return ReadFileVersions() != _fileVersions;
    }

    private (DateTime, DateTime, DateTime) ReadFileVersions()
    {
        return (Version(_tls?.CaCertificatePath), Version(_tls?.ClientCertificatePath), Version(_tls?.ClientKeyPath));

        static DateTime Version(string? path) => path is null ? default : File.GetLastWriteTimeUtc(path);
    }

    private HttpMessageInvoker Create()
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // waiting queries would stand as minutes-long spans in every trace
            AllowAutoRedirect = false, // a redirect would carry the token elsewhere
            ConnectTimeout = TimeSpan.FromSeconds(3),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // follows a changed DNS answer
            UseCookies = false,
            UseProxy = false, // the agent is next door; a proxy meant for the outside world would see the token
        };
        if (_tls is not null)
        {
            _filesCheckedAt = _timeProvider.GetTimestamp();
            _fileVersions = ReadFileVersions();
            handler.SslOptions = new ClientTls(_tls).CreateAuthenticationOptions();
        }

        if (RequestBase != _agent)
        {
            handler.ConnectCallback = ConnectAsync;
        }

        return new HttpMessageInvoker(handler);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(_agent.IdnHost, _agent.Port), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
