using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Discovery.Testing;

/// <summary>Stands between a client and a loopback server, and does to their connections what networks do.</summary>
/// <remarks>Settings count at once, for open connections as well unless they say otherwise.</remarks>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly FreePort _port = FreePort.Take();
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<TcpProxyConnection, bool> _open = new();
    private readonly Lock _gate = new();
    private Socket? _listener;
    private long _clientBytes;
    private long _serverBytes;
    private int _accepted;

    private TcpProxy(Uri target)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target.Port);
        Address = new UriBuilder(target) { Host = "127.0.0.1", Port = _port.Number }.Uri;
        Listen();
    }

    /// <summary>The target's address with the proxy's host and port.</summary>
    public Uri Address { get; }

    /// <summary>How long bytes are held back, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The most bytes per second of each connection and direction; 0 for no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Connections are accepted and kept, and what is sent is swallowed: nobody hears anything, not even an end.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>A connection is broken off (reset) when the server has sent this many bytes on it; null for never. Counts for new connections.</summary>
    public long? TruncateAfter { get; set; }

    /// <summary>What the server sends is swallowed while what clients send still arrives: connections are half open.</summary>
    public bool IsHalfOpen { get; set; }

    /// <summary>Every byte that the server sends arrives changed.</summary>
    public bool IsGarbling { get; set; }

    /// <summary>How many connections have been accepted so far.</summary>
    public int AcceptedCount => Volatile.Read(ref _accepted);

    /// <summary>How many connections are open now.</summary>
    public int OpenCount => _open.Count;

    /// <summary>
    /// How many of them their clients have not ended. A server may keep its end open for longer: an agent notices only when a query has
    /// waited to its end.
    /// </summary>
    public int HeldByClientsCount => _open.Keys.Count(connection => !connection.IsEndedByClient);

    /// <summary>How many bytes of clients have been passed on to the server so far.</summary>
    public long ClientBytes => Interlocked.Read(ref _clientBytes);

    /// <summary>How many bytes of the server have been passed on to clients so far.</summary>
    public long ServerBytes => Interlocked.Read(ref _serverBytes);

    /// <summary>Starts a proxy before a loopback server, which need not run yet.</summary>
    /// <exception cref="ArgumentException">The target is on another machine.</exception>
    public static TcpProxy Start(Uri target) =>
        target.IsLoopback ? new TcpProxy(target) : throw new ArgumentException($"{target} is not on this machine.", nameof(target));

    /// <summary>Breaks off (resets) all open connections; new ones work.</summary>
    public void DropConnections()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Break();
        }
    }

    /// <summary>Stops listening, so that new connections are refused; open ones stay.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Listens again after <see cref="Refuse"/>.</summary>
    public void Accept()
    {
        lock (_gate)
        {
            if (_listener is null)
            {
                Listen();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Refuse();
        foreach (var connection in _open.Keys)
        {
            await connection.DisposeAsync();
        }

        _port.Dispose();
    }

    internal void CountClientBytes(int count) => Interlocked.Add(ref _clientBytes, count);

    internal void CountServerBytes(int count) => Interlocked.Add(ref _serverBytes, count);

    private void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, _port.Number));
        listener.Listen(512);
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return; // refusing from now on
            }

            Interlocked.Increment(ref _accepted);
            var connection = new TcpProxyConnection(this, client);
            _open[connection] = true;
            _ = connection.RunAsync(_target).ContinueWith(_ => _open.TryRemove(connection, out bool _), TaskScheduler.Default);
        }
    }
}
