using System.Net.Security;
using Discovery.Security;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Channels;

/// <summary>One member of the cluster, on a channel of its own.</summary>
internal sealed partial class EtcdEndpoint : IDisposable
{
    private readonly ClientTls? _tls;
    private readonly string? _serverName;
    private readonly SchemeHint _schemeHint;
    private readonly Secrets _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<Uri, IEtcdChannel>? _connect;
    private SslClientAuthenticationOptions? _authentication;
    private volatile IEtcdChannel _channel;
    private volatile bool _disposed;

    /// <param name="address">Its client URL.</param>
    /// <param name="tls">TLS, for an https URL.</param>
    /// <param name="secrets">What none of its failures may show.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="connect">What stands for the way to it and for itself; null for the network.</param>
    public EtcdEndpoint(Uri address, TlsOptions tls, Secrets secrets, TimeProvider time, ILogger logger, Func<Uri, IEtcdChannel>? connect)
    {
        Address = address;
        _schemeHint = new SchemeHint(address);
        _secrets = secrets;
        _time = time;
        _logger = logger;
        _connect = connect;
        _tls = address.Scheme == Uri.UriSchemeHttps ? new ClientTls(tls, time) : null;
        _authentication = _tls?.CreateAuthenticationOptions();
        _serverName = tls.ServerName;
        _channel = CreateChannel();
    }

    public Uri Address { get; }

    /// <summary>What calls are made on now; streams of an earlier one are to be moved here.</summary>
    public object Generation => _channel;

    /// <summary>Begins a call, or opens a stream.</summary>
    /// <param name="begin">Begins it, and does nothing else: it is done again where the connection is replaced meanwhile.</param>
    /// <exception cref="ObjectDisposedException">The endpoint was disposed of.</exception>
    public TCall Begin<TCall>(Func<CallInvoker, TCall> begin)
    {
        ReloadTls();
        while (true)
        {
            var channel = _channel;
            try
            {
                return begin(channel.CreateInvoker());
            }
            catch (ObjectDisposedException) when (channel != _channel)
            {
                // Somebody else has found it silent, and replaced it: nothing was sent.
            }
        }
    }

    /// <summary>Moves to new connections where the TLS files have changed, and warns of a certificate that expires. Also for those who only keep a stream open.</summary>
    public void ReloadTls()
    {
        if (_disposed || _tls is null)
        {
            return;
        }

        if (_tls.Reload(e => LogUnusable(Address, $"{e.Message.TrimEnd('.')}.")) is { } changed)
        {
            LogReloaded(Address);
            _authentication = changed;
            _ = RetireAsync(Replace());
        }

        if (_tls.TakeExpiry() is { } expiry)
        {
            LogExpiring(Address, expiry.UtcDateTime);
        }
    }

    /// <inheritdoc cref="ClientTls.Answered"/>
    public void Answered()
    {
        _schemeHint.Answered();
        _tls?.Answered();
    }

    /// <summary>
    /// Lets go of a connection that is open and silent, so that the next call makes another one: until its pings run out, a
    /// connection through which nothing comes any more looks like any other.
    /// </summary>
    public void Reconnect()
    {
        if (!_disposed)
        {
            Replace().Dispose();
        }
    }

    /// <summary>The failure of a call, saying which endpoint it is of and whether it is about TLS, with nothing in it that must not be shown.</summary>
    public RpcException Failed(RpcException e)
    {
        var where = Address.GetLeftPart(UriPartial.Authority);
        return e.Status.DebugException is { } cause && _tls?.Explain(cause) is { } tls
            ? new RpcException(new Status(StatusCode.Unauthenticated, $"{EtcdStatus.TlsFailure}{tls.TrimEnd('.')} ({where})", cause), e.Trailers)
            : new RpcException(new Status(e.StatusCode, $"{where}: {HintAtScheme(e)}{_secrets.Hide(e.Status.Detail)}", e.Status.DebugException), e.Trailers);
    }

    private string? HintAtScheme(RpcException e) =>
        e.Status.DebugException is { } cause && _schemeHint.Of(cause) is { } hint ? $"{hint}. " : null;

    /// <summary>What etcd gives for a reason, as <see cref="Failed"/> would show it.</summary>
    public RpcException Refused(StatusCode status, string reason) => Failed(new RpcException(new Status(status, reason)));

    public void Dispose()
    {
        _disposed = true;
        _channel.Dispose();
    }

    /// <returns>The connections that calls were made on until now.</returns>
    private IEtcdChannel Replace()
    {
        var channel = CreateChannel();
        var before = Interlocked.Exchange(ref _channel, channel);
        if (_disposed)
        {
            channel.Dispose(); // Dispose has seen only the one before
        }

        return before;
    }

    // What is under way ends on the old connections; streams, which may never end, are moved.
    private async Task RetireAsync(IEtcdChannel channel)
    {
        await Task.Delay(CallTimes.Call, _time).ConfigureAwait(false);
        channel.Dispose();
    }

    private IEtcdChannel CreateChannel() => _connect?.Invoke(Address) ?? new NetworkChannel(Address, _authentication, _serverName);
}
