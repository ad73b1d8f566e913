using System.Net;
using System.Net.Sockets;

namespace Discovery.Etcd.Tests;

/// <summary>The way to a server: can be cut, and can swallow what goes through it while connections stay open.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private volatile bool _swallowsRequests;
    private volatile bool _swallowsReplies;
    private long _repliesLeft = long.MaxValue;

    public Wire(Uri server)
    {
        _server = server;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>How often it was cut because as many bytes of replies had passed as were let through.</summary>
    public int Cuts { get; private set; }

    /// <summary>From now on nothing gets through, and nobody is told.</summary>
    public void Swallow(bool requests = true, bool replies = true)
    {
        _swallowsRequests = requests;
        _swallowsReplies = replies;
    }

    /// <summary>Closes every connection. New ones work.</summary>
    public void Cut()
    {
        Swallow(false, false);
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Close(0));
            _sockets.Clear();
        }
    }

    /// <summary>Cuts once after this many more bytes of replies.</summary>
    public void CutAfter(long replyBytes) => Interlocked.Exchange(ref _repliesLeft, replyBytes);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ending.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await server.ConnectAsync(_server.Host, _server.Port, _ending.Token);
                lock (_sockets)
                {
                    _sockets.AddRange([client, server]);
                }

                _ = PumpAsync(client, server, () => _swallowsRequests, isReply: false);
                _ = PumpAsync(server, client, () => _swallowsReplies, isReply: true);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the end of the test
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<bool> swallows, bool isReply)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (isReply && Interlocked.Add(ref _repliesLeft, -count) < 0)
                {
                    CutAfter(long.MaxValue);
                    Cuts++;
                    Cut();
                }

                if (!swallows())
                {
                    await to.SendAsync(buffer.AsMemory(0, count));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // cut
        }
        finally
        {
            from.Close();
            to.Close();
        }
    }
}
