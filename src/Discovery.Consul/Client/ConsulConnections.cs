using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Discovery.Security;
using Microsoft.Extensions.Logging;

namespace Discovery.Consul.Client;

/// <summary>The pool of connections to the agent. Where a TLS file has changed, new requests get a new pool; those under way end on the old one.</summary>
internal sealed partial class ConsulConnections : IDisposable
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Uri _agent;
    private readonly ClientTls? _tls;
    private readonly int _maxConnections;
    private readonly ILogger _logger;
    private readonly SchemeHint _schemeHint;
    private HttpMessageInvoker? _current;

    public ConsulConnections(Uri agent, ConsulOptions options, TimeProvider timeProvider, ILogger logger, HttpMessageHandler? handler = null)
    {
        var tls = options.Tls;
        _maxConnections = options.MaxConnections;
        _current = handler is null ? null : new HttpMessageInvoker(handler);
        _agent = agent;
        _schemeHint = new SchemeHint(agent);
        _tls = agent.Scheme == Uri.UriSchemeHttps ? new ClientTls(tls, timeProvider) : null;
        _logger = logger;
        if (_tls is null && tls.IsSet())
        {
            LogUnused(agent);
        }

        RequestBase = _tls is not null && tls.ServerName is { } name ? new UriBuilder(agent) { Host = name }.Uri : agent;
    }

    /// <summary>What request URIs begin with: with a ServerName it is that name, which the handshake then verifies.</summary>
    public Uri RequestBase { get; }

    /// <exception cref="IOException">A TLS file cannot be read, and none was before.</exception>
    /// <exception cref="UnauthorizedAccessException">A TLS file may not be read, and none was before.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A TLS file cannot be used, and none was before.</exception>
    /// <exception cref="ArgumentException">A TLS file cannot be used, and none was before.</exception>
    public HttpMessageInvoker Current
    {
        get
        {
            lock (_gate)
            {
                if (_current is null)
                {
                    _current = Create(_tls?.CreateAuthenticationOptions());
                }
                else if (_tls?.Reload(e => LogUnusable($"{e.Message.TrimEnd('.')}.")) is { } changed)
                {
                    _current = Create(changed);
                    LogReloaded();
                }

                if (_tls?.TakeExpiry() is { } expiry)
                {
                    LogExpiring(expiry.UtcDateTime);
                }

                return _current;
            }
        }
    }

    /// <inheritdoc cref="ClientTls.Answered"/>
    public void Answered()
    {
        _schemeHint.Answered();
        _tls?.Answered();
    }

    /// <inheritdoc cref="ClientTls.Explain"/>
    public string? ExplainTls(Exception failure) => _tls?.Explain(failure);

    /// <inheritdoc cref="SchemeHint.Of(Exception)"/>
    public string? HintAtScheme(Exception failure) => _schemeHint.Of(failure);

    public void Dispose() => _current?.Dispose();

    private HttpMessageInvoker Create(SslClientAuthenticationOptions? authentication)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // waiting queries would stand as minutes-long spans in every trace
            AllowAutoRedirect = false, // a redirect would carry the token elsewhere
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = _maxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // follows a changed DNS answer
            UseCookies = false,
            UseProxy = false, // the agent is next door; a proxy meant for the outside world would see the token
        };
        if (authentication is not null)
        {
            handler.SslOptions = authentication;
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
