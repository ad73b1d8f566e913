using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>An HTTP server before a real agent: it passes everything on, until it is told to answer by itself.</summary>
public sealed class ConsulFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _agent;
    private volatile RequestDelegate? _answer;
    private int _answered;

    private ConsulFront(WebApplication app, Uri agent)
    {
        _app = app;
        _agent = new HttpClient { BaseAddress = agent, Timeout = Timeout.InfiniteTimeSpan };
        app.Run(context => _answer is { } answer ? AnswerAsync(answer, context) : PassOnAsync(context));
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>How many requests it has answered by itself.</summary>
    public int AnsweredCount => Volatile.Read(ref _answered);

    /// <summary>What it answers by itself; null to pass everything on.</summary>
    public void Answer(RequestDelegate? answer) => _answer = answer;

    public static async Task<ConsulFront> StartAsync(Uri agent)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var front = new ConsulFront(app, agent);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // waiting queries are not waited for
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // asked for
        }

        await _app.DisposeAsync();
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
