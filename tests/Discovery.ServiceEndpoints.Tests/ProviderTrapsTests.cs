using Discovery.Testing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.ServiceEndpoints.Tests;

/// <summary>What that package does to providers, and where others have come to grief.</summary>
public sealed class ProviderTrapsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provider_DisposedOfAsAfterIdleness_LeavesTheWatchAndItsTokenAlive()
    {
        await using var host = new EndpointsHost();
        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");
        var builder = new Builder();
        var provider = Create(host);
        await provider.PopulateAsync(builder, Cancellation);
        var endpoint = Assert.Single(builder.Endpoints);
        Assert.Equal("http://10.0.0.1/", endpoint.ToString());
        Assert.Empty(endpoint.Features); // a host name among them would stick to a request that is sent again
        var token = Assert.Single(builder.Tokens);
        Assert.False(token.HasChanged);
        var fired = new TaskCompletionSource();
        using var registration = token.RegisterChangeCallback(_ => fired.TrySetResult(), null);

        await provider.DisposeAsync();
        await provider.DisposeAsync();
        await host.RegisterAsync("orders", "b", "http://10.0.0.2:80");

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(1, host.Registry.Store.WatchCount);
    }

    [Fact]
    public async Task Changes_WhileThePackageRefreshes_AreAllSeenInTheEnd()
    {
        await using var host = new EndpointsHost(); // whose period of refreshing is a minute: only tokens tell
        await host.RegisterAsync("orders", "first", "http://10.0.0.1:80");
        Assert.Single(await host.ResolveAsync("http://orders"));

        var registering = Parallel.ForAsync(2, 102, Cancellation, async (i, _) => await host.RegisterAsync("orders", "o" + i, $"http://10.0.0.{i}:80"));
        while (!registering.IsCompleted)
        {
            Assert.NotEmpty(await host.ResolveAsync("http://orders"));
        }

        await registering;
        await Eventually.HoldsAsync(async () => (await host.ResolveAsync("http://orders")).Length == 101, TimeSpan.FromSeconds(30), Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Endpoints_WhereTheRegistryHasNeverAnswered_AreLeftToPassThroughAndNothingIsThrown(bool hangs)
    {
        await using var host = new EndpointsHost(settings: new Dictionary<string, string?> { ["Discovery:Client:FirstAnswerTimeout"] = "00:00:00.2" });
        await host.RegisterAsync("orders", "a", "http://10.0.0.1:80");
        (host.Registry.Faults.Hanging, host.Registry.Faults.FailingWith) = (hangs, hangs ? null : RegistryErrorKind.Unavailable);
        Assert.Equal(["orders:80"], await host.ResolveAsync("http://orders"));

        if (!hangs)
        {
            host.Registry.Faults.FailingWith = null;
            await Eventually.HoldsAsync(async () => await host.ResolveAsync("http://orders") is ["http://10.0.0.1/"], TimeSpan.FromSeconds(60), Cancellation);
        }
    }

    [Fact]
    public async Task Endpoints_AfterTheRegistryLostItsData_AreTheLastGoodOnes()
    {
        await using var a = await AnsweringServer.StartAsync("a");
        await using var b = await AnsweringServer.StartAsync("b");
        await using var host = new EndpointsHost();
        await host.Registry.RegisterAsync(a.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        await host.Registry.RegisterAsync(b.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        await Eventually.HoldsAsync(async () => (await host.ResolveAsync("http://orders")).Length == 2, cancellationToken: Cancellation);

        host.Registry.Store.Wipe();
        host.Registry.Faults.BreakWatches(); // and is listed anew, empty
        await Eventually.HoldsAsync(
            async () => (await host.Services.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("orders", Cancellation)).Source is SnapshotSource.Stale,
            cancellationToken: Cancellation);

        Assert.Equal(2, (await host.ResolveAsync("http://orders")).Length);
    }

    private static IServiceEndpointProvider Create(EndpointsHost host)
    {
        Assert.True(ServiceEndpointQuery.TryParse("http://orders", out var query));
        var factory = host.Services.GetServices<IServiceEndpointProviderFactory>().OfType<DiscoveryServiceEndpointProviderFactory>().Single();
        Assert.True(factory.TryCreateProvider(query, out var provider));
        return provider;
    }

    private sealed class Builder : IServiceEndpointBuilder
    {
        public List<IChangeToken> Tokens { get; } = [];

        public IList<ServiceEndpoint> Endpoints { get; } = [];

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public void AddChangeToken(IChangeToken changeToken) => Tokens.Add(changeToken);
    }
}
