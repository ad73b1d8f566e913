using System.Net;
using Discovery.Hosting.Tests.Lookup;
using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Http;

public sealed class DiscoveryHandlerTests : IAsyncLifetime
{
    private readonly LookupHost _host = new(
        settings: [new("Discovery:Client:LoadBalancing", "RoundRobin")],
        configure: services =>
        {
            services.AddTransient<RetryOnce>();
            services.AddHttpClient("plain").AddDiscoveryHandler();
            services.AddHttpClient("retrying").AddHttpMessageHandler<RetryOnce>().AddDiscoveryHandler();
        },
        realTime: true);

    private TestServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("http://orders/a/b?c=d%20e", "/a/b?c=d%20e")]
    [InlineData("http://ORDERS/", "/")]
    [InlineData("https+http://orders/x", "/x")]
    [InlineData("http://orders:1234/x", "/x")]
    public async Task Request_ToAService_ReachesAnInstance(string uri, string path)
    {
        _host.Registry.List("orders", _server.AsInstance("a"));

        var answer = await Client().GetStringAsync(uri, Cancellation);

        Assert.Equal($"GET {new Uri(_server.Address).Authority} {path}", answer);
    }

    [Fact]
    public async Task Request_IsGivenBackAsItCame()
    {
        _host.Registry.List("orders", _server.AsInstance("a"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using var response = await Client().SendAsync(request, Cancellation);

        Assert.Equal("http://orders/x", request.RequestUri!.OriginalString);
        Assert.Null(request.Headers.Host);
    }

    [Fact]
    public async Task Request_WithAHostHeaderOfItsOwn_KeepsIt()
    {
        _host.Registry.List("orders", _server.AsInstance("a"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x") { Headers = { Host = "orders.example" } };

        using var response = await Client().SendAsync(request, Cancellation);

        Assert.Equal("GET orders.example /x", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("orders.example", request.Headers.Host);
    }

    [Fact]
    public async Task Request_ToAnInstanceFoundInDns_IsToldItsHostForThatAttemptOnly()
    {
        var port = new Uri(_server.Address).Port;
        await using var dns = new LoopbackDnsServer();
        dns.AddService("orders", "node.example", (ushort)port);
        dns.AddAddress("node.example", "127.0.0.1");
        await using var host = new LookupHost(
            settings: [new("Discovery:Client:Dns:Enabled", "true"), new("Discovery:Client:Dns:Servers:0", dns.Address)],
            configure: services => services.AddHttpClient("plain").AddDiscoveryHandler(),
            realTime: true);
        host.Registry.List("orders");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using var response = await host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("plain").SendAsync(request, Cancellation);

        Assert.Equal($"GET node.example:{port} /x", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Null(request.Headers.Host);
    }

    // Whoever may write to a registry can at worst announce a wrong address.
    [Theory]
    [InlineData("admin.example")]
    [InlineData("no host\r\nX-Admin: yes")]
    public async Task Request_ToAnInstanceOfARegistryThatSpeaksForDns_IsToldNoOtherHost(string spoofed)
    {
        _host.Registry.List("orders", _server.AsInstance("a") with { Metadata = new Dictionary<string, string> { ["dns.host"] = spoofed } });

        Assert.Equal($"GET {new Uri(_server.Address).Authority} /x", await Client().GetStringAsync("http://orders/x", Cancellation));
    }

    [Fact]
    public async Task Request_ToAnEndpointWithABasePath_IsPutBehindIt()
    {
        _host.Registry.List("orders", Instances.Create("a", endpoint: _server.Address + "/api/v1/"));

        Assert.EndsWith(" /api/v1/x?y", await Client().GetStringAsync("http://orders/x?y", Cancellation), StringComparison.Ordinal);
        Assert.EndsWith(" /api/v1/z", await Client().GetStringAsync("http://orders/z", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_ToDifferentPathsByManyAtOnce_ArriveWhereTheyShould()
    {
        _host.Registry.List("orders", _server.AsInstance("a"));
        var client = Client();

        await Parallel.ForAsync(0, 500, Cancellation, async (i, token) =>
            Assert.EndsWith($" /{i % 7}", await client.GetStringAsync($"http://orders/{i % 7}", token), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_ToAnIpAddressOrLocalhost_PassesUntouched()
    {
        var port = new Uri(_server.Address).Port;

        Assert.Equal($"GET 127.0.0.1:{port} /x", await Client().GetStringAsync($"http://127.0.0.1:{port}/x", Cancellation));
        Assert.Equal($"GET localhost:{port} /x", await Client().GetStringAsync($"http://localhost:{port}/x", Cancellation));
        Assert.Empty(_host.Discovery.GetWatchedServices());
    }

    [Fact]
    public async Task Request_ToADottedName_IsAServiceOnlyWhereItIsKnown()
    {
        _host.Registry.List("orders.v2", _server.AsInstance("a"));

        Assert.EndsWith(" /x", await Client().GetStringAsync("http://orders.v2/x", Cancellation), StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetStringAsync("http://unknown.invalid/x", Cancellation));

        Assert.Equal(HttpRequestError.NameResolutionError, failure.HttpRequestError);
        Assert.Equal(1, _host.Registry.Listings);
        Assert.DoesNotContain(_host.Discovery.GetWatchedServices(), snapshot => snapshot.ServiceName == "unknown.invalid");
    }

    [Fact]
    public async Task Request_ToAnInstanceThatRefuses_GoesToAnother()
    {
        using var closed = FreePort.Take();
        _host.Registry.List("orders", Instances.Create("dead", endpoint: $"http://127.0.0.1:{closed.Number}"), _server.AsInstance("alive"));

        for (var i = 0; i < 10; i++)
        {
            using var response = await Client().PostAsync("http://orders/x", new StringContent("body"), Cancellation);
            Assert.EndsWith(" /x body", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal(10, _server.Requests);
    }

    [Fact]
    public async Task Request_ToInstancesThatAllRefuse_FailsWithTheirRefusal()
    {
        var ports = FreePort.Take(2);
        _host.Registry.List("orders", [.. ports.Select(port => Instances.Create("dead" + port.Number, endpoint: $"http://127.0.0.1:{port.Number}"))]);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Client().GetAsync("http://orders/x", Cancellation));

        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Array.ForEach(ports, port => port.Dispose());
    }

    [Fact]
    public async Task Request_UnderARetryHandler_GoesElsewhereEachTime()
    {
        await using var failing = await TestServer.StartAsync();
        failing.Status = HttpStatusCode.ServiceUnavailable;
        _host.Registry.List("orders", _server.AsInstance("works"), failing.AsInstance("fails"));
        var client = Client("retrying");

        for (var i = 0; i < 20; i++)
        {
            using var response = await client.GetAsync("http://orders/x", Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(20, _server.Requests);
        Assert.InRange(failing.Requests, 1, 20);
    }

    [Fact]
    public async Task Request_WithoutAnyInstance_ThrowsNoInstanceAvailable()
    {
        _host.Registry.List("orders");

        var failure = await Assert.ThrowsAsync<NoInstanceAvailableException>(() => Client().GetAsync("http://orders/x", Cancellation));

        Assert.Equal("orders", failure.ServiceName);
    }

    [Fact]
    public async Task Request_OfAnotherScheme_IsNotSentInClearText()
    {
        _host.Registry.List("orders", _server.AsInstance("a"));

        await Assert.ThrowsAsync<NoInstanceAvailableException>(() => Client().GetAsync("https://orders/x", Cancellation));
        Assert.Equal(0, _server.Requests);
    }

    [Fact]
    public void Request_SentSynchronously_ReachesAnInstance()
    {
        _host.Registry.List("orders", _server.AsInstance("a"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using var response = Client().Send(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("http://orders/x", request.RequestUri!.OriginalString);
    }

    [Fact]
    public async Task Request_Cancelled_IsGivenBackAsItCame()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
        using var cancelled = new CancellationTokenSource();
        var sending = Client().SendAsync(request, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal("http://orders/x", request.RequestUri!.OriginalString);
    }

    private HttpClient Client(string name = "plain") => _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    private sealed class RetryOnce : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            response.Dispose();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
