using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Discovery.Testing;

/// <summary>A Kestrel on a loopback port that says what it is called and what it was asked.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _id;
    private int _requests;

    private AnsweringServer(WebApplication app, string id)
    {
        _app = app;
        _id = id;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>How many requests have reached it.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>What it answers with.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>Starts one.</summary>
    /// <param name="id">What it is called.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AnsweringServer> StartAsync(string id, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new AnsweringServer(builder.Build(), id);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>The instance that it is of a service.</summary>
    public ServiceInstance Of(string serviceName) => new() { ServiceName = serviceName, Id = _id, Endpoints = [Address] };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        context.Response.StatusCode = (int)Status;
        await context.Response.WriteAsync($"{_id} {context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.RequestAborted);
    }
}
