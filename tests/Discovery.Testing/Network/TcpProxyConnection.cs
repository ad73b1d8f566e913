using System.Net;
using System.Net.Sockets;

namespace Discovery.Testing;

/// <summary>One client's connection through a <see cref="TcpProxy"/>.</summary>
internal sealed class TcpProxyConnection(TcpProxy proxy, Socket client) : IAsyncDisposable
{
    private static readonly TimeSpan EndRepeated = TimeSpan.FromMilliseconds(50);

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _broken = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long? _truncateAfter = proxy.TruncateAfter;
    private long _fromServer;

    public bool IsEndedByClient { get; private set; }

    public void Break() => _broken.Cancel();

    public async ValueTask DisposeAsync()
    {
        Break();
        await _ended.Task;
    }

    public async Task RunAsync(IPEndPoint target)
    {
        client.NoDelay = true;
        try
        {
            await _server.ConnectAsync(target, _broken.Token);
            await Task.WhenAll(
                PumpAsync(client, _server, ForwardFromClientAsync),
                PumpAsync(_server, client, ForwardFromServerAsync));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            client.LingerState = new LingerOption(true, 0); // closing it then resets it, as a broken connection is
        }
        finally
        {
            client.Dispose();
            _server.Dispose();
            _ended.SetResult();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, Task> forwardAsync)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer.AsMemory(0, ChunkSize(buffer.Length)), _broken.Token)) > 0)
            {
                if (proxy.Delay > TimeSpan.Zero)
                {
                    await Task.Delay(proxy.Delay, _broken.Token);
                }

                await forwardAsync(buffer.AsMemory(0, count));
                if (proxy.BytesPerSecond is > 0 and var rate)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)count / rate), _broken.Token);
                }
            }
        }
        catch
        {
            await _broken.CancelAsync(); // the other direction ends with this one
            throw;
        }

        IsEndedByClient |= from == client;
        while (proxy.IsBlackHole || proxy.IsHalfOpen)
        {
            await Task.Delay(EndRepeated, _broken.Token); // as a system goes on saying that a connection has ended
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private async Task ForwardFromClientAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!proxy.IsBlackHole)
        {
            proxy.CountClientBytes(bytes.Length);
            await SendAsync(_server, bytes);
        }
    }

    private async Task ForwardFromServerAsync(ReadOnlyMemory<byte> bytes)
    {
        if (proxy.IsBlackHole || proxy.IsHalfOpen)
        {
            return;
        }

        var left = (_truncateAfter ?? long.MaxValue) - _fromServer;
        var sent = bytes[..(int)Math.Min(bytes.Length, left)];
        _fromServer += sent.Length;
        sent = proxy.IsGarbling ? Garbled(sent) : sent;
        proxy.CountServerBytes(sent.Length); // before they are sent: whoever has received them finds them counted
        await SendAsync(client, sent);
        if (_fromServer == _truncateAfter)
        {
            await _broken.CancelAsync();
            _broken.Token.ThrowIfCancellationRequested();
        }
    }

    private static byte[] Garbled(ReadOnlyMemory<byte> bytes) => [.. bytes.ToArray().Select(value => (byte)~value)];

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, _broken.Token)..];
        }
    }

    // A throttled connection moves in tenths of a second, so that it is slow rather than jerky.
    private int ChunkSize(int most) => proxy.BytesPerSecond is > 0 and var rate ? Math.Clamp(rate / 10, 1, most) : most;
}
