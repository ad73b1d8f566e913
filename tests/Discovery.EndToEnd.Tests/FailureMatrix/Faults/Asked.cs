using System.Net.Sockets;
using System.Text;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>Asks a server in a way that both HTTP and gRPC servers answer with something.</summary>
internal static class Asked
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether anything comes back.</summary>
    public static async Task<bool> GetAnyAsync(Uri address) => await GetAsync(address) is { Length: > 0 };

    /// <summary>What comes back first; null where nothing does.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="filler">How many bytes more the request has than it needs.</param>
    public static async Task<string?> GetAsync(Uri address, int filler = 0)
    {
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(Patience + TimeSpan.FromSeconds(filler / 500.0));
        try
        {
            await client.ConnectAsync(address.Host, address.Port, patience.Token);
            await client.GetStream().WriteAsync(Request("/version", filler), patience.Token);
            var answer = new byte[64];
            var count = await client.GetStream().ReadAsync(answer, patience.Token);
            return count > 0 ? Encoding.Latin1.GetString(answer, 0, count) : null;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>How many bytes of a long answer arrive before the connection breaks; null where it does not.</summary>
    public static async Task<int?> CountUntilBrokenAsync(Uri address, string path)
    {
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(Patience);
        var count = 0;
        try
        {
            await client.ConnectAsync(address.Host, address.Port, patience.Token);
            await client.GetStream().WriteAsync(Request(path, filler: 0), patience.Token);
            var answer = new byte[1024];
            for (int read; (read = await client.GetStream().ReadAsync(answer, patience.Token)) > 0; count += read)
            {
            }

            return null;
        }
        catch (IOException)
        {
            return count;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static byte[] Request(string path, int filler) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: registry\r\nX-Filler: {new string('x', filler)}\r\n\r\n");
}
