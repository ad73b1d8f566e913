using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Discovery.Hosting.Tests.Secrets;

/// <summary>Answers with the very bytes it was sent, which is no HTTP: a client that quotes what it cannot read quotes what it has sent, headers first.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _received = [];
    private readonly Task _accepting;

    public EchoServer()
    {
        _listener.Start();
        Address = new($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>All it was sent.</summary>
    public string Received => string.Concat(_received);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                answering.Add(EchoAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var request = new byte[16 * 1024];
                var read = await client.GetStream().ReadAsync(request, _ending.Token);
                var text = Encoding.Latin1.GetString(request, 0, read);
                _received.Enqueue(text);
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text.ReplaceLineEndings(" ") + "\r\n\r\n"), _ending.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // the client has gone, or the test
            }
        }
    }
}
