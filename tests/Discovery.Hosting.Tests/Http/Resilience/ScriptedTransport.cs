using System.Collections.Concurrent;
using System.Net;

namespace Discovery.Hosting.Tests.Http.Resilience;

/// <summary>What stands for the network: answers each host as the test says, and remembers who was asked.</summary>
internal sealed class ScriptedTransport : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    /// <summary>The first label of each host that was asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public int CountOf(string host) => Asked.Count(asked => asked == host);

    public void Answer(string host, HttpStatusCode status) => _answers[host] = _ => Task.FromResult(new HttpResponseMessage(status));

    public void Refuse(string host) => _answers[host] = _ => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused by the test");

    public void Break(string host) => _answers[host] = _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "broken off by the test");

    public void Hang(string host) => _answers[host] = async token =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, token);
        throw new InvalidOperationException("never");
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host.Split('.')[0];
        Asked.Enqueue(host);
        if (request.Content is not null)
        {
            await request.Content.CopyToAsync(Stream.Null, cancellationToken);
        }

        return await (_answers.TryGetValue(host, out var answer) ? answer(cancellationToken) : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();
}
