using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Testing;

/// <summary>An HTTP server that answers what a test gives it to, be it what no real one would.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private FakeServer(WebApplication app) => _app = app;

    /// <summary>Where it answers.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>How many requests it has had.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts it on a free port of this machine.</summary>
    /// <param name="answer">Answers every request.</param>
    /// <param name="protocols">HTTP/1.1, or HTTP/2 without TLS, as gRPC has it.</param>
    public static async Task<FakeServer> StartAsync(RequestDelegate answer, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = protocols));
        var app = builder.Build();
        var server = new FakeServer(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // hanging answers are not waited for
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // asked for
        }

        await _app.DisposeAsync();
    }
}
