using System.Net;
using Discovery.Hosting;
using Discovery.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;
using IYarpLoadBalancingPolicy = Yarp.ReverseProxy.LoadBalancing.ILoadBalancingPolicy;

namespace Discovery.Yarp.Tests;

/// <summary>Real YARP, real backends, a registry in memory.</summary>
public sealed class GatewayTests() : TwoServers<AnsweringServer>(AnsweringServer.StartAsync)
{
    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("Discovery")]
    public async Task Requests_ToAServiceDestination_ReachItsInstances(string policy)
    {
        await using var gateway = await Gateway.StartAsync(
            policy, settings: new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "RoundRobin" }, instances: [A.Of("orders"), B.Of("orders")]);

        Assert.Equal("GET /p/q?r=s", (await gateway.Http.GetStringAsync(new Uri("/p/q?r=s", UriKind.Relative), Cancellation))[2..]);
        Assert.Equal(["a", "b"], (await gateway.AnswersAsync(40)).Keys.Order());
    }

    [Fact]
    public async Task Requests_WhenInstancesComeAndGo_FollowThem()
    {
        await using var gateway = await Gateway.StartAsync(instances: A.Of("orders"));
        Assert.Equal(["a"], (await gateway.AnswersAsync(4)).Keys);

        await gateway.Registry.RegisterAsync(B.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        await Eventually.HoldsAsync(async () => (await gateway.AnswersAsync(2)).Count == 2, cancellationToken: Cancellation);

        await gateway.Registry.DeregisterAsync("orders", "a", Cancellation);
        await Eventually.HoldsAsync(async () => (await gateway.AnswersAsync(2)) is { Count: 1 } answers && answers.ContainsKey("b"), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Destination_OfAnInstanceThatStays_KeepsItsKeyAndState()
    {
        await using var gateway = await Gateway.StartAsync(instances: A.Of("orders"));
        Assert.True(gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("orders", out var cluster));
        var before = Assert.Single(cluster.DestinationsState.AllDestinations);
        Assert.Equal("all/a", before.DestinationId);

        await gateway.Registry.RegisterAsync(B.Of("orders"), TimeSpan.FromHours(1), Cancellation);
        await Eventually.HoldsAsync(() => cluster.DestinationsState.AllDestinations.Count == 2, cancellationToken: Cancellation);

        Assert.Contains(cluster.DestinationsState.AllDestinations, destination => ReferenceEquals(destination, before));
    }

    [Fact]
    public async Task Requests_WhileTheRegistryIsDown_ReachTheLastGoodSet()
    {
        await using var gateway = await Gateway.StartAsync(instances: A.Of("orders"));
        Assert.Single(await gateway.AnswersAsync(1));

        gateway.Registry.Faults.FailingWith = RegistryErrorKind.Unavailable;
        await Eventually.HoldsAsync(async () => (await Source(gateway)) is SnapshotSource.Stale, cancellationToken: Cancellation);

        Assert.Equal(20, (await gateway.AnswersAsync(20))["a"]);
    }

    [Fact]
    public async Task Requests_ToAServiceWithoutInstances_Get503UntilThereIsOne()
    {
        await using var gateway = await Gateway.StartAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Http.GetAsync(new Uri("/", UriKind.Relative), Cancellation)).StatusCode);

        await gateway.Registry.RegisterAsync(A.Of("orders"), TimeSpan.FromHours(1), Cancellation);

        await Eventually.HoldsAsync(
            async () => (await gateway.Http.GetAsync(new Uri("/", UriKind.Relative), Cancellation)).StatusCode is HttpStatusCode.OK, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Start_WithoutARegistry_Succeeds()
    {
        await using var gateway = await Gateway.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Discovery:Provider"] = "Consul",
            ["Discovery:Consul:Address"] = "http://127.0.0.1:1",
            ["Discovery:Client:FirstAnswerTimeout"] = "00:00:00.2",
        });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Http.GetAsync(new Uri("/", UriKind.Relative), Cancellation)).StatusCode);
    }

    /// <summary>YARP reads the destinations when it is mapped, before the start looks at the settings: it is still the start that tells of them.</summary>
    [Theory]
    [InlineData("Discovery:Provider", "Memry", "Discovery:Provider is 'Memry'; allowed is the name of a known provider. ")]
    [InlineData("Discovery:Client:LoadBalancing", "RoundRobbin", "Discovery:Client:LoadBalancing is 'RoundRobbin'; allowed is the name of a known policy. ")]
    [InlineData("Discovery:Client:LoadBalancing", "RoundRobbin", "Discovery:Client:LoadBalancing is 'RoundRobbin'; allowed is the name of a known policy. ", "http://orders.example/")]
    public async Task Start_WithASettingThatIsNotAllowed_SaysOnlyThat(string setting, string value, string expected, string address = "http://orders/")
    {
        var stopped = await Assert.ThrowsAsync<DiscoveryStartupException>(() => Gateway.StartAsync(address: address, settings: new Dictionary<string, string?> { [setting] = value }));

        Assert.StartsWith(expected, stopped.ToString(), StringComparison.Ordinal);
        Assert.Single(stopped.Message.Split(Environment.NewLine));
    }

    [Fact]
    public async Task Requests_ToADestinationThatIsNoService_GoWhereItPoints()
    {
        await using var gateway = await Gateway.StartAsync(address: A.Address.ToString());

        Assert.Equal(4, (await gateway.AnswersAsync(4))["a"]);
        Assert.Equal(0, gateway.Registry.Store.WatchCount);
    }

    [Fact]
    public async Task DiscoveryPolicy_ByWeight_GivesEachItsShare()
    {
        await using var gateway = await Gateway.StartAsync(
            "Discovery",
            settings: new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "WeightedRoundRobin", ["Discovery:Client:SlowStart:Window"] = "00:00:00" },
            instances: [A.Of("orders") with { Weight = 300 }, B.Of("orders") with { Weight = 100 }]);

        var answers = await gateway.AnswersAsync(400);

        Assert.InRange(answers["a"], 300 - Environment.ProcessorCount, 300 + Environment.ProcessorCount); // each processor takes turns for itself
    }

    [Fact]
    public async Task DiscoveryPolicy_WhereYarpRulesADestinationOut_KeepsToTheOthers()
    {
        await using var gateway = await Gateway.StartAsync(
            "Discovery", settings: new Dictionary<string, string?> { ["Discovery:Client:LoadBalancing"] = "RoundRobin" }, instances: [A.Of("orders"), B.Of("orders")]);
        var policy = gateway.Services.GetServices<IYarpLoadBalancingPolicy>().Single(policy => policy.Name == "Discovery");
        Assert.True(gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("orders", out var cluster));
        DestinationState[] left = [cluster.DestinationsState.AllDestinations.Single(destination => destination.DestinationId == "all/b")];

        for (var i = 0; i < 20; i++)
        {
            Assert.Same(left[0], policy.PickDestination(new DefaultHttpContext(), cluster, left));
        }

        Assert.Null(policy.PickDestination(new DefaultHttpContext(), cluster, []));
    }

    private static async Task<SnapshotSource> Source(Gateway gateway) =>
        (await gateway.Services.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("orders", Cancellation)).Source;
}
