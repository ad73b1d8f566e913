using System.Net;
using System.Net.Sockets;
using Discovery.Etcd.Channels;
using Discovery.Etcd.Leases;
using Discovery.Security;
using Discovery.Testing;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discovery.Etcd.Tests.Leases;

public sealed class KeepAliveConnectionTests
{
    private const int Connections = 600; // the connection breaks before, while or after the first keep-alive is written

    // Found by the soak: an answer garbled on the way.
    [Fact]
    public async Task Connection_ToWhoDoesNotSpeakHttp2_FailsThoseWhoWaitAndLeavesNoUnobservedException()
    {
        using var garbling = new TcpListener(IPAddress.Loopback, 0);
        garbling.Start();
        using var ended = new CancellationTokenSource();
        var answering = AnswerAsync(garbling, ended.Token);
        using var unobserved = new UnobservedExceptions();

        await FailAllAsync(new Uri($"http://{garbling.LocalEndpoint}"));

        Assert.DoesNotContain(unobserved.Collect(), exception => exception.Contains(nameof(KeepAliveConnection), StringComparison.Ordinal));
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    private static async Task FailAllAsync(Uri address)
    {
        for (var i = 0; i < Connections; i++)
        {
            using var endpoint = new EtcdEndpoint(address, new TlsOptions(), new Secrets(), TimeProvider.System, NullLogger.Instance, connect: null);
            using var connection = new KeepAliveConnection(endpoint, token: null, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<RpcException>(() => connection.SendAsync(1).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }
    }

    private static async Task AnswerAsync(TcpListener garbling, CancellationToken ended)
    {
        while (true)
        {
            using var client = await garbling.AcceptSocketAsync(ended);
            await client.ReceiveAsync(new byte[1024], ended);
            await client.SendAsync(Enumerable.Repeat((byte)0xaa, 64).ToArray(), ended);
            await client.ReceiveAsync(new byte[1024], ended);
        }
    }
}
