using Discovery.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.ServiceEndpoints.Tests;

/// <summary>The real package over a registry in memory.</summary>
public sealed class DiscoveryServiceEndpointProviderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://orders", "http://10.0.0.1:80")]
    [InlineData("https://orders", "https://10.0.0.1:443")]
    [InlineData("https+http://orders", "https://10.0.0.1:443")]
    [InlineData("http+https://orders", "http://10.0.0.1:80")]
    [InlineData("http://orders:1234", "http://10.0.0.1:80")]
    public async Task GetEndpoints_OfAService_AreThoseOfTheScheme(string query, string expected)
    {
        await using var host = new EndpointsHost();
        await host.RegisterAsync("orders", "a", "https://10.0.0.1:443", "http://10.0.0.1:80");

        Assert.Equal([new Uri(expected).ToString()], await host.ResolveAsync(query));
    }

    [Fact]
    public async Task GetEndpoints_WhereSomeHaveNoHttps_DoesNotMixTheTwo()
    {
        await using var host = new EndpointsHost();
        await host.RegisterAsync("orders", "a", "https://10.0.0.1:443");
        await host.RegisterAsync("orders", "b", "http://10.0.0.2:80");

        Assert.Equal(["https://10.0.0.1/"], await host.ResolveAsync("https+http://orders"));
    }

    [Fact]
    public async Task GetEndpoints_OfANamedEndpoint_AreThoseOfTheSecondRegistration()
    {
        await using var host = new EndpointsHost();
        await host.RegisterAsync("orders-admin", "a", "http://10.0.0.1:9000");

        Assert.Equal(["http://10.0.0.1:9000/"], await host.ResolveAsync("http://_admin.orders"));
    }

    [Fact]
    public async Task GetEndpoints_AfterAChange_FollowIt()
    {
        await using var host = new EndpointsHost();
        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");
        Assert.Single(await host.ResolveAsync("http://orders"));

        for (var i = 2; i < 20; i++)
        {
            await host.RegisterAsync("orders", "b" + i, $"http://10.0.0.{i}:80");
            await Eventually.HoldsAsync(async () => (await host.ResolveAsync("http://orders")).Length == i, cancellationToken: Cancellation);
        }
    }

    [Fact]
    public async Task GetEndpoints_WhileTheRegistryIsDown_AreTheLastGoodSet()
    {
        await using var host = new EndpointsHost(services => services.Configure<ServiceDiscoveryOptions>(options => options.RefreshPeriod = TimeSpan.FromMilliseconds(50)));
        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");
        Assert.Single(await host.ResolveAsync("http://orders"));

        host.Registry.Faults.FailingWith = RegistryErrorKind.Unavailable;
        await Eventually.HoldsAsync(
            async () => (await host.Services.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("orders", Cancellation)).Source is SnapshotSource.Stale,
            cancellationToken: Cancellation);

        // Another query is another provider, made during the outage.
        Assert.Equal(["http://10.0.0.1/"], await host.ResolveAsync("http://orders"));
        Assert.Equal(["http://10.0.0.1/"], await host.ResolveAsync("https+http://orders"));
    }

    [Fact]
    public async Task Provider_DisposedOf_LeavesTheWatchAndItsTokensAlive()
    {
        await using var host = new EndpointsHost();
        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");
        var view = host.Services.GetRequiredService<IServiceDiscovery>().GetView("orders");
        await view.WaitUntilReadyAsync(Cancellation);
        var token = view.GetChangeToken();
        var fired = new TaskCompletionSource();
        using var registration = token.RegisterChangeCallback(_ => fired.TrySetResult(), null);

        view.Dispose();
        await host.RegisterAsync("orders", "b", "http://10.0.0.2:80");

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.True(token.HasChanged);
        Assert.Equal(1, host.Registry.Store.WatchCount);
    }

    [Fact]
    public async Task GetEndpoints_ThatConfigurationHas_AreLeftToIt()
    {
        await using var host = new EndpointsHost(settings: new Dictionary<string, string?> { ["Services:orders:http:0"] = "192.0.2.1:80" });
        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");

        Assert.DoesNotContain("http://10.0.0.1/", await host.ResolveAsync("http://orders"));
    }

    [Fact]
    public async Task GetEndpoints_OfAServiceWithoutInstances_FallToPassThroughUntilThereIsOne()
    {
        await using var host = new EndpointsHost();
        Assert.Equal(["orders:80"], await host.ResolveAsync("http://orders"));

        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");

        await Eventually.HoldsAsync(async () => (await host.ResolveAsync("http://orders")) is ["http://10.0.0.1/"], cancellationToken: Cancellation);
    }

    [Fact]
    public async Task HttpClient_OfThatPackage_ReachesInstancesThatComeLater()
    {
        await using var a = await AnsweringServer.StartAsync("a");
        await using var b = await AnsweringServer.StartAsync("b");
        await using var host = new EndpointsHost(services => services.AddHttpClient("orders").AddServiceDiscovery());
        await host.Registry.RegisterAsync(a.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        using var client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        Assert.Equal("a GET /x", await client.GetStringAsync("http://orders/x", Cancellation));

        await host.Registry.RegisterAsync(b.Of("orders"), TimeSpan.FromHours(1), Cancellation);

        await Eventually.HoldsAsync(async () => await client.GetStringAsync("http://orders/x", Cancellation) == "b GET /x", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task AddDiscoveryServiceEndpointProvider_WithoutAClient_SaysWhatIsMissing()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddDiscoveryServiceEndpointProvider();
        await using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<InvalidOperationException>(() => provider.GetServices<IServiceEndpointProviderFactory>().Count());

        Assert.Contains("AddServiceRegistration()", failure.Message, StringComparison.Ordinal);
    }
}
