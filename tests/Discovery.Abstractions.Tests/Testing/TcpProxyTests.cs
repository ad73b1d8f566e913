using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Discovery.Testing;

namespace Discovery.Tests.Testing;

public sealed class TcpProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private TcpProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _echo.Start();
        _ = EchoAsync();
        _proxy = TcpProxy.Start(new Uri($"http://127.0.0.1:{((IPEndPoint)_echo.LocalEndpoint).Port}"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _echo.Dispose();
    }

    [Fact]
    public async Task Forward_Bytes_ReachTheOtherSideAndAreCounted()
    {
        using var client = await ConnectAsync();

        Assert.Equal([1, 2, 3], await SendAndReceiveAsync(client, [1, 2, 3]));

        Assert.Equal(3, _proxy.ClientBytes);
        Assert.Equal(3, _proxy.ServerBytes);
        Assert.Equal(1, _proxy.AcceptedCount);
        Assert.Equal(1, _proxy.OpenCount);
    }

    [Fact]
    public async Task DropConnections_Open_ResetsThemAndTakesNewOnes()
    {
        using var client = await ConnectAsync();
        await SendAndReceiveAsync(client, [1]);

        _proxy.DropConnections();

        await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1], Cancel).AsTask().WaitAsync(Bound, Cancel));
        using var another = await ConnectAsync();
        Assert.Equal([2], await SendAndReceiveAsync(another, [2]));
    }

    [Fact]
    public async Task Refuse_NewConnection_IsRefusedUntilAccept()
    {
        using var open = await ConnectAsync();
        await SendAndReceiveAsync(open, [1]);

        _proxy.Refuse();
        var refused = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Equal([2], await SendAndReceiveAsync(open, [2]));

        _proxy.Accept();
        using var another = await ConnectAsync();
        Assert.Equal([3], await SendAndReceiveAsync(another, [3]));
    }

    [Fact]
    public async Task IsBlackHole_OpenConnection_FallsSilent()
    {
        using var client = await ConnectAsync();
        await SendAndReceiveAsync(client, [1]);

        _proxy.IsBlackHole = true;
        await client.SendAsync(new byte[] { 2 }, Cancel);

        await AssertSilentAsync(client);
        Assert.Equal(1, _proxy.ClientBytes);
    }

    [Fact]
    public async Task IsHalfOpen_OpenConnection_OnlyTheServerHears()
    {
        using var client = await ConnectAsync();
        await SendAndReceiveAsync(client, [1]);

        _proxy.IsHalfOpen = true;
        await client.SendAsync(new byte[] { 2 }, Cancel);

        await Eventually.HoldsAsync(() => _proxy.ClientBytes == 2, cancellationToken: Cancel);
        await AssertSilentAsync(client);
    }

    [Fact]
    public async Task TruncateAfter_LongAnswer_BreaksOffThere()
    {
        _proxy.TruncateAfter = 2;
        using var client = await ConnectAsync();
        await client.SendAsync(new byte[] { 1, 2, 3 }, Cancel);

        await Eventually.HoldsAsync(() => _proxy.OpenCount == 0, cancellationToken: Cancel);

        Assert.Equal(2, _proxy.ServerBytes);
    }

    [Fact]
    public async Task Delay_Answer_TakesTwiceAsLong()
    {
        _proxy.Delay = TimeSpan.FromMilliseconds(200);
        using var client = await ConnectAsync();
        var started = Stopwatch.GetTimestamp();

        await SendAndReceiveAsync(client, [1]);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 390, 20_000);
    }

    [Fact]
    public async Task BytesPerSecond_ManyBytes_TakeTheirTime()
    {
        _proxy.BytesPerSecond = 10_000;
        using var client = await ConnectAsync();
        var started = Stopwatch.GetTimestamp();

        await SendAndReceiveAsync(client, new byte[5_000]);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 350, 20_000);
    }

    [Fact]
    public void Start_AnotherMachine_IsRefused() => Assert.Throws<ArgumentException>(() => TcpProxy.Start(new Uri("http://192.0.2.1")));

    private static async Task<byte[]> SendAndReceiveAsync(Socket client, byte[] bytes)
    {
        await client.SendAsync(bytes, Cancel);
        var received = new byte[bytes.Length];
        await using var stream = new NetworkStream(client, ownsSocket: false);
        await stream.ReadExactlyAsync(received, Cancel).AsTask().WaitAsync(Bound, Cancel);
        return received;
    }

    private static async Task AssertSilentAsync(Socket client)
    {
        using var silence = new CancellationTokenSource(Silence);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReceiveAsync(new byte[1], silence.Token).AsTask());
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Address.Port, Cancel);
        return client;
    }

    private async Task EchoAsync()
    {
        while (true)
        {
            var stream = new NetworkStream(await _echo.AcceptSocketAsync(), ownsSocket: true);
            _ = stream.CopyToAsync(stream).ContinueWith(_ => stream.Dispose(), TaskScheduler.Default);
        }
    }
}
