using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.RollingRestarts;

/// <summary>The example's gateway in front of copies that come and go: real processes, signals and registries, no retries.</summary>
public sealed class GatewayRollingRestartTests
{
    private static readonly string Gateway = QuickStartApp.Assembly.Replace("QuickStart", "YarpGateway", StringComparison.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Consul", "Discovery", false)]
    [InlineData("Etcd", "RoundRobin", true)]
    [InlineData("Local", "Discovery", true)]
    [Trait("Category", "Slow")]
    public Task RollingRestart_BehindTheGateway_FailsNoRequest_OnEach(string provider, string policy, bool samePort) => RestartAsync(provider, policy, samePort);

    [Fact]
    public Task RollingRestart_BehindTheGateway_FailsNoRequest() => RestartAsync("Consul", "Discovery", samePort: true);

    private static async Task RestartAsync(string provider, string policy, bool samePort)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var fleet = await OrdersFleet.StartAsync(registry, 3, retries: false);
        await using var gateway = await AppProcess.StartAsync(Gateway, new Dictionary<string, string?>(registry.Environment)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Discovery__Client__CacheDirectory"] = "",
            ["ReverseProxy__Clusters__quickstart__LoadBalancingPolicy"] = policy,
            ["ReverseProxy__Clusters__quickstart__Destinations__all__Address"] = "http://orders/",
        });
        var listening = await gateway.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", TimeSpan.FromSeconds(60), Cancellation);
        using var http = new HttpClient { BaseAddress = new(listening.Groups[1].Value), Timeout = TimeSpan.FromSeconds(30) };
        await using var load = new SteadyLoad(http, "/quickstart/whoami");

        await fleet.ReplaceEachAsync(load, samePort);
    }
}
