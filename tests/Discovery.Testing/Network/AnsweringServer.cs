using System.Net;
using Microsoft.AspNetCore.Http;

namespace Discovery.Testing;

/// <summary>A server that says what it is called and what it was asked.</summary>
public sealed class AnsweringServer : IAsyncDisposable
{
    private readonly string _id;
    private FakeServer _server = null!;

    private AnsweringServer(string id) => _id = id;

    /// <summary>Where it listens.</summary>
    public Uri Address => _server.Address;

    /// <summary>How many requests have reached it.</summary>
    public int Requests => _server.Requests;

    /// <summary>What it answers with.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>Starts one.</summary>
    /// <param name="id">What it is called.</param>
    public static async Task<AnsweringServer> StartAsync(string id)
    {
        var server = new AnsweringServer(id);
        server._server = await FakeServer.StartAsync(server.AnswerAsync);
        return server;
    }

    /// <summary>The instance that it is of a service.</summary>
    public ServiceInstance Of(string serviceName) => new() { ServiceName = serviceName, Id = _id, Endpoints = [Address] };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = (int)Status;
        return context.Response.WriteAsync($"{_id} {context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.RequestAborted);
    }
}
