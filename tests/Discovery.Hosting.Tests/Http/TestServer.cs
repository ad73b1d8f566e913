using System.Net;
using Discovery.Testing;
using Microsoft.AspNetCore.Http;

namespace Discovery.Hosting.Tests.Http;

/// <summary>A server that says by which host it was asked, what for, and with which body.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private FakeServer _server = null!;

    private TestServer()
    {
    }

    public string Address => _server.Address.GetLeftPart(UriPartial.Authority);

    public int Requests => _server.Requests;

    /// <summary>What it answers with.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public static async Task<TestServer> StartAsync()
    {
        var server = new TestServer();
        server._server = await FakeServer.StartAsync(server.AnswerAsync);
        return server;
    }

    public ServiceInstance AsInstance(string id) => Lookup.Instances.Create(id, endpoint: Address);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = (int)Status;
        using var body = new StreamReader(context.Request.Body);
        var content = await body.ReadToEndAsync(context.RequestAborted);
        await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Host} {context.Request.Path}{context.Request.QueryString} {content}".TrimEnd(), context.RequestAborted);
    }
}
