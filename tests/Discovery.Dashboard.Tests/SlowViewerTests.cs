using System.Net.Sockets;
using System.Text;
using Discovery.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Dashboard.Tests;

public sealed class SlowViewerTests
{
    [Fact]
    public async Task Get_ByABrowserThatStopsReading_IsCutOff()
    {
        await using var app = await DashboardApp.StartAsync(options: dashboard => dashboard.MaxViewers = 1, build: BufferLittle);
        for (var i = 0; i < 100; i++)
        {
            await app.RegisterAsync(DashboardApp.Instance($"service-{i:000}", "a"));
        }

        // A window of a few kilobytes, so that the network holds little for it.
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await slow.ConnectAsync(app.Url.Host, app.Url.Port, TestContext.Current.CancellationToken);
        await slow.SendAsync(Encoding.ASCII.GetBytes("GET /discovery/api/events HTTP/1.1\r\nHost: x\r\n\r\n"), TestContext.Current.CancellationToken);
        Assert.NotEqual(0, await slow.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken));
        await Eventually.IsAsync(() => app.StatusAsync("/discovery/api/events"), status => (int)status == 503, cancellationToken: TestContext.Current.CancellationToken);

        // Its place is free again when it was cut off, which is long before the network gives it up.
        await using var changes = new Changing(app);
        await Eventually.IsAsync(() => app.StatusAsync("/discovery/api/events"), status => (int)status == 200, TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
    }

    // Neither the network nor the server's own patience is to decide.
    private static void BufferLittle(WebApplicationBuilder builder) => builder.WebHost
        .UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = 4096;
            return socket;
        })
        .ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);

    /// <summary>All services change all the time.</summary>
    private sealed class Changing : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Changing(DashboardApp app) => _running = Task.Run(async () =>
        {
            for (var change = 0; !_stop.IsCancellationRequested; change++)
            {
                for (var i = 0; i < 100; i++)
                {
                    await app.RegisterAsync(DashboardApp.Instance($"service-{i:000}", "a") with { Health = change % 2 == 0 ? HealthStatus.Degraded : HealthStatus.Healthy });
                }

                await Task.Delay(200);
            }
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}
