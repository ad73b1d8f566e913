using System.Net;
using System.Net.Sockets;

namespace Discovery.Testing;

/// <summary>A loopback port that no other test on this machine is given until it is disposed.</summary>
/// <remarks>
/// Ports come from below the range that the system picks from for outgoing connections: a port whose server is down for a
/// while is then not taken by somebody's connection, nor by a client that connects to itself. An abstract unix socket per
/// port marks it as taken for all test processes, lives no longer than the process, and leaves no file behind.
/// </remarks>
public sealed class FreePort : IDisposable
{
    private const int First = 14_000;
    private const int Last = 31_999;
    private readonly Socket? _mark;

    private FreePort(int number, Socket? mark)
    {
        Number = number;
        _mark = mark;
    }

    /// <summary>The port.</summary>
    public int Number { get; }

    /// <summary>Takes a port that nobody listens on.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static FreePort Take()
    {
        var start = Random.Shared.Next(First, Last + 1);
        for (var i = 0; i <= Last - First; i++)
        {
            var number = First + ((start - First + i) % (Last - First + 1));
            if (TryMark(number, out var mark))
            {
                if (IsFree(number))
                {
                    return new FreePort(number, mark);
                }

                mark?.Dispose();
            }
        }

        throw new InvalidOperationException("No loopback port is free.");
    }

    /// <summary>Takes several ports.</summary>
    public static FreePort[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Take())];

    /// <summary>Lets others have the port.</summary>
    public void Dispose() => _mark?.Dispose();

    private static bool TryMark(int number, out Socket? mark)
    {
        mark = null;
        if (!OperatingSystem.IsLinux())
        {
            return true; // abstract unix sockets are Linux's own; elsewhere the check that nobody listens has to do
        }

        mark = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            mark.Bind(new UnixDomainSocketEndPoint($"\0discovery-testing-port-{number}"));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            mark.Dispose();
            return false;
        }
    }

    private static bool IsFree(int number)
    {
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Any, number));
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Any, number));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
