using Discovery.Hosting.Http;
using Discovery.Hosting.Tests.Lookup;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Hosting.Tests.Http;

/// <summary>How an HTTP call brings the key that ConsistentHash goes by.</summary>
public sealed class RequestKeyTests
{
    private const string Header = "X-Customer";

    [Fact]
    public async Task RequestsOfOneKey_GoToOneInstance_AndThoseOfManyToAll()
    {
        await using var host = Start();

        for (var customer = 0; customer < 20; customer++)
        {
            Assert.Single(await HostsAsync(host, 10, request => request.Options.Set(DiscoveryRequest.Key, $"customer-{customer}")));
        }

        var count = 0;
        Assert.Equal(5, (await HostsAsync(host, 200, request => request.Options.Set(DiscoveryRequest.Key, $"customer-{count++}"))).Count);
    }

    [Fact]
    public async Task RequestsWithTheHeader_GoByIt_UnlessTheyBringAKey()
    {
        await using var host = Start();
        var byKey = await HostsAsync(host, 1, request => request.Options.Set(DiscoveryRequest.Key, "customer-1"));

        var byHeader = await HostsAsync(host, 50, request => request.Headers.Add(Header, "customer-1"));
        var byBoth = await HostsAsync(host, 50, request =>
        {
            request.Headers.Add(Header, Guid.NewGuid().ToString());
            request.Options.Set(DiscoveryRequest.Key, "customer-1");
        });

        Assert.Equal(byKey, byHeader);
        Assert.Equal(byKey, byBoth);
    }

    [Fact]
    public async Task RequestsWithoutAKey_GoToAll()
    {
        await using var host = Start();

        Assert.Equal(5, (await HostsAsync(host, 200, _ => { })).Count);
    }

    private static LookupHost Start()
    {
        var host = new LookupHost(
            settings: [new("Discovery:Client:Services:orders:LoadBalancing", "ConsistentHash"), new("Discovery:Client:Services:orders:KeyHeader", Header)],
            configure: services => services.AddHttpClient("orders").AddDiscoveryHandler().ConfigurePrimaryHttpMessageHandler(() => new EchoesHost()));
        host.Registry.List("orders", Instances.Many(5));
        return host;
    }

    private static async Task<HashSet<string>> HostsAsync(LookupHost host, int requests, Action<HttpRequestMessage> prepare)
    {
        var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        var hosts = new HashSet<string>();
        for (var i = 0; i < requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
            prepare(request);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            hosts.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        return hosts;
    }

    private sealed class EchoesHost : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(request.RequestUri!.Host) });
    }
}
