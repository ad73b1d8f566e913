namespace Discovery.Benchmarks.Handlers;

/// <summary>Stands for the network and answers at once, so that what is measured is the handler before it.</summary>
internal sealed class ImmediateAnswer : HttpMessageHandler
{
    private static readonly HttpResponseMessage Answer = new();
    private static readonly Task<HttpResponseMessage> Answered = Task.FromResult(Answer);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Answered;
}
