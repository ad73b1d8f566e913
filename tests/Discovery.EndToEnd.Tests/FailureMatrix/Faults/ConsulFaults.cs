using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Discovery.Testing;
using Microsoft.AspNetCore.Http;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What a Consul agent, or something that stands before it, may answer.</summary>
internal static class ConsulFaults
{
    /// <summary>Far fewer than its default of 200.</summary>
    public const int Connections = 60;

    public static Fault Fails { get; } = Answering("answers 500 to everything", (response, _) => WriteAsync(response, 500, "rpc error making call: EOF"));

    public static Fault RateLimits { get; } = Answering("answers 429 to everything", (response, _) => WriteAsync(response, 429, "Your IP is issuing too many concurrent connections"));

    public static Fault Forbids { get; } = Answering("answers 403 to everything", (response, _) => WriteAsync(response, 403, "ACL not found"));

    public static Fault TalksNonsense { get; } = Answering("answers 200 with a web page", (response, _) => WriteAsync(response, 200, "<html>Welcome</html>", index: 1_000_000));

    public static Fault ListsNothing { get; } = Answering("answers that there is nothing", (response, _) => WriteAsync(response, 200, "[]", index: 1_000_000));

    public static Fault GoesBackInTime { get; } = Answering("answers with an index of 0 and nothing", (response, _) => WriteAsync(response, 200, "[]", index: 0));

    public static Fault HangsInTheBody { get; } = Answering("hangs in the middle of each answer", async (response, aborted) =>
    {
        await WriteAsync(response, 200, "[{", index: 1_000_000);
        await response.Body.FlushAsync(aborted);
        await Task.Delay(Timeout.Infinite, aborted);
    });

    /// <summary>Others on this machine hold as many connections as an agent takes from one address.</summary>
    public static Fault ConnectionsTaken { get; } = new("all connections that it takes from one address are taken")
    {
        InjectAsync = async stage =>
        {
            // What is under way ends in the rush for the connections, as it does when an agent is overrun.
            stage.Proxies[0].DropConnections();
            var taken = new ConcurrentQueue<Socket>();
            stage.Begin(cancellation => TakeAsync(stage.Registry.Address.Port, taken, cancellation));
            await Eventually.HoldsAsync(() => taken.Count >= 2 * Connections, cancellationToken: TestContext.Current.CancellationToken);
        },
        ProveAsync = stage => Eventually.HoldsAsync(async () => !await Asked.GetAnyAsync(stage.Registry.Address), cancellationToken: TestContext.Current.CancellationToken),
        MendAsync = stage => stage.EndAsync(),
    };

    private static async Task TakeAsync(int port, ConcurrentQueue<Socket> taken, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                taken.Enqueue(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                await Task.Delay(taken.Count < 2 * Connections ? 0 : 100, cancellation);
            }
        }
        finally
        {
            while (taken.TryDequeue(out var socket))
            {
                socket.Dispose();
            }
        }
    }

    private static Fault Answering(string name, Func<HttpResponse, CancellationToken, Task> answer) => new(name)
    {
        InjectAsync = async stage =>
        {
            stage.Front!.Answer(context => answer(context.Response, context.RequestAborted));
            stage.Proxies[0].DropConnections(); // queries that wait would not notice
            await Task.CompletedTask;
        },
        ProveAsync = stage => Eventually.HoldsAsync(() => stage.Front!.AnsweredCount >= 5, cancellationToken: TestContext.Current.CancellationToken),
        MendAsync = stage =>
        {
            stage.Front!.Answer(null);
            return Task.CompletedTask;
        },
    };

    private static Task WriteAsync(HttpResponse response, int status, string body, long? index = null)
    {
        response.StatusCode = status;
        if (index is not null)
        {
            response.Headers["X-Consul-Index"] = index.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(body);
    }
}
