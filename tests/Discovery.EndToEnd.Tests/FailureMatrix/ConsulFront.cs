using Discovery.Testing;
using Microsoft.AspNetCore.Http;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>An HTTP server before a real agent: it passes everything on, until it is told to answer by itself.</summary>
public sealed class ConsulFront : IAsyncDisposable
{
    private readonly HttpClient _agent;
    private FakeServer _server = null!;
    private volatile RequestDelegate? _answer;
    private int _answered;

    private ConsulFront(Uri agent) => _agent = new HttpClient { BaseAddress = agent, Timeout = Timeout.InfiniteTimeSpan };

    public Uri Address => _server.Address;

    /// <summary>How many requests it has answered by itself since it was last told what to.</summary>
    public int AnsweredCount => Volatile.Read(ref _answered);

    /// <summary>What it answers by itself; null to pass everything on.</summary>
    public void Answer(RequestDelegate? answer)
    {
        Volatile.Write(ref _answered, 0);
        _answer = answer;
    }

    public static async Task<ConsulFront> StartAsync(Uri agent)
    {
        var front = new ConsulFront(agent);
        front._server = await FakeServer.StartAsync(context => front._answer is { } answer ? front.AnswerAsync(answer, context) : front.PassOnAsync(context));
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _agent.Dispose();
    }

    private Task AnswerAsync(RequestDelegate answer, HttpContext context)
    {
        Interlocked.Increment(ref _answered);
        return answer(context);
    }

    private async Task PassOnAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString.Value);
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        try
        {
            using var response = await _agent.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Where(header => header.Key.StartsWith("X-Consul", StringComparison.OrdinalIgnoreCase)))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            context.Abort();
        }
    }
}
