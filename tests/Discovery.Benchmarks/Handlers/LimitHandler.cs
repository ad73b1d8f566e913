using Discovery.Benchmarks.Picks;

namespace Discovery.Benchmarks.Handlers;

/// <summary>The least a handler can do: pick, build the URI, send, give the URI back.</summary>
internal sealed class LimitHandler(RotatingArray array) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri!;
        request.RequestUri = new Uri(array.Pick(), original.PathAndQuery);
        var sending = base.SendAsync(request, cancellationToken);
        request.RequestUri = original;
        return sending;
    }
}
