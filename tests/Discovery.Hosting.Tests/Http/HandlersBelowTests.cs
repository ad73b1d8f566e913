using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Http;

/// <summary>What the handler below is given, and what becomes of what it does that no server can be made to do.</summary>
public sealed class HandlersBelowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_WhoseSecondAttemptThrowsAtOnce_IsGivenBackAsItCame_AndCountsNoMore()
    {
        await using var host = new LookupHost(
            settings: [new("Discovery:Client:LoadBalancing", "LeastRequests")],
            configure: services => services.AddHttpClient("plain").AddDiscoveryHandler().RemoveAllLoggers() // which would make tasks of exceptions
                .ConfigurePrimaryHttpMessageHandler(() => new RefusesThenThrows()),
            realTime: true);
        host.Registry.List("orders", Instances.Many(2));
        await host.Discovery.GetInstancesAsync("orders", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ClientOf(host).SendAsync(request, Cancellation));

        Assert.Equal("http://orders/x", request.RequestUri!.OriginalString);
        Assert.All(host.Discovery.GetInstanceStatus("orders"), instance => Assert.Equal(0, instance.InFlight));
    }

    [Theory]
    [InlineData("https+http://api.example.com/x", "https://api.example.com/x")]
    [InlineData("https+http://localhost:5001/x?y", "https://localhost:5001/x?y")]
    [InlineData("http+https://127.0.0.1/", "http://127.0.0.1/")]
    [InlineData("ftp://api.example.com/", "ftp://api.example.com/")]
    public async Task Request_ToAHostThatIsNoService_IsSentInTheFirstOfItsSchemes(string uri, string sent)
    {
        await using var host = new LookupHost(
            configure: services => services.AddHttpClient("plain").AddDiscoveryHandler().ConfigurePrimaryHttpMessageHandler(() => new EchoesUri()), realTime: true);
        foreach (var isSync in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);

            using var response = isSync ? ClientOf(host).Send(request, Cancellation) : await ClientOf(host).SendAsync(request, Cancellation);

            Assert.Equal(sent, await response.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal(uri, request.RequestUri!.OriginalString);
        }
    }

    private static HttpClient ClientOf(LookupHost host) => host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("plain");

    private sealed class EchoesUri : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new() { Content = new StringContent(request.RequestUri!.AbsoluteUri) };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }

    private sealed class RefusesThenThrows : HttpMessageHandler
    {
        private int _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => ++_requests == 1
            ? Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError))
            : throw new ObjectDisposedException("the handler");
    }
}
