using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>The checks that the agent makes itself, on a service that really answers.</summary>
public sealed class ConsulCheckTests(SharedConsulServer shared)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAsync_Http_TheAgentSaysHowTheInstanceFares()
    {
        var server = await shared.GetAsync();
        var status = 200;
        var path = "";
        await using var app = await FakeServer.StartAsync(context =>
        {
            path = context.Request.Path;
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        await using var registry = Create(server, "Http");
        var service = TestRegistry.UniqueService();
        var instance = TestRegistry.Instance(service, null, app.Address.ToString()) with { Health = HealthStatus.Unhealthy };
        await using var lease = await registry.RegisterAsync(instance, TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, service, Cancelled);

        await watch.UntilAsync(set => set.Count == 1 && set[0].Health == HealthStatus.Healthy);
        Assert.Equal("/health/ready", path);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Unhealthy, "the agent judges", Cancelled));
        Volatile.Write(ref status, 429);
        await AgentSaysAsync(server, instance.Id, "warning"); // it tells its servers later
        await watch.UntilAsync(set => set[0].Health == HealthStatus.Degraded);
        Volatile.Write(ref status, 503);
        await AgentSaysAsync(server, instance.Id, "critical");
        await watch.UntilAsync(set => set[0].Health == HealthStatus.Unhealthy);

        await registry.DeregisterAsync(service, instance.Id, Cancelled);
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    [Theory]
    [InlineData("Tcp", "tcp")]
    [InlineData("grpc", "grpc")]
    public async Task RegisterAsync_TcpOrGrpc_IsThatKindOfCheck(string check, string type)
    {
        var server = await shared.GetAsync();
        await using var app = await FakeAgent.AnsweringAsync([]);
        await using var registry = Create(server, check);
        var service = TestRegistry.UniqueService();
        var instance = TestRegistry.Instance(service, null, app.Address.ToString()) with { Health = HealthStatus.Unhealthy };
        await using var lease = await registry.RegisterAsync(instance, TestRegistry.Ttl, Cancelled);

        Assert.Equal(type, (string?)(await CheckAsync(server, instance.Id))["Type"]);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        if (type == "tcp")
        {
            await AgentSaysAsync(server, instance.Id, "passing");
        }
    }

    [Fact]
    public async Task RegisterAsync_OfAnotherKindThanBefore_LeavesTheNewCheckOnly()
    {
        var server = await shared.GetAsync();
        await using var app = await FakeAgent.AnsweringAsync([]);
        await using var ttl = Create(server, "Ttl");
        await using var tcp = Create(server, "Tcp");
        var instance = TestRegistry.Instance(TestRegistry.UniqueService(), null, app.Address.ToString());
        await using var old = await ttl.RegisterAsync(instance, TimeSpan.FromSeconds(2), Cancelled);

        await using var lease = await tcp.RegisterAsync(instance with { Health = HealthStatus.Unhealthy }, TestRegistry.Ttl, Cancelled);

        Assert.Equal("tcp", (string?)(await CheckAsync(server, instance.Id))["Type"]);
        using var beat = await server.Http.PutAsync($"/v1/agent/check/pass/service:{instance.Id}", null, Cancelled);
        Assert.False(beat.IsSuccessStatusCode); // no TTL check is left to expire beside it
    }

    [Fact]
    public async Task RegisterAsync_HttpWithoutAnHttpEndpoint_IsInvalid()
    {
        await using var registry = Create(await shared.GetAsync(), "Http");

        var refused = await Assert.ThrowsAsync<RegistryException>(
            () => registry.RegisterAsync(TestRegistry.Instance("orders", null, "tcp://10.0.0.1:5000"), TestRegistry.Ttl, Cancelled));

        Assert.Equal(RegistryErrorKind.Invalid, refused.Kind);
    }

    private static ConsulServiceRegistry Create(ConsulServer server, string check) => TestRegistry.Create(server.Address, options =>
    {
        options.Check = check;
        options.CheckInterval = TimeSpan.FromSeconds(1);
    });

    private static async Task AgentSaysAsync(ConsulServer server, string id, string status) =>
        await Eventually.IsAsync(() => CheckAsync(server, id), check => (string?)check["Status"] == status, cancellationToken: Cancelled);

    private static async Task<JsonNode> CheckAsync(ConsulServer server, string id) =>
        (await server.Http.GetFromJsonAsync<JsonObject>("/v1/agent/checks", Cancelled))![$"service:{id}"]!;
}
