using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>A Consul that denies by default, and tokens that may do just so much.</summary>
public sealed class ConsulAclTests : IAsyncLifetime
{
    private const string Service = "orders";
    private ConsulServer? _server;

    private ConsulServer Server => _server!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await ConsulServer.StartAsync(new ConsulServerOptions { BootstrapToken = Guid.NewGuid().ToString() }, Cancelled);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task AllCalls_LeastPrivilege_Work()
    {
        var writer = await TokenAsync("""service "orders" { policy = "write" }""");
        var reader = await TokenAsync("""service "orders" { policy = "read" } node_prefix "" { policy = "read" }""");
        await using var registry = Create(writer);
        await using var lookup = Create(reader);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(lookup, Service, Cancelled);

        await watch.UntilAsync(set => set.Count == 1);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        Assert.Equal([Service], await lookup.GetServicesAsync(Cancelled));
        await lease.RevokeAsync(Cancelled);
        await watch.UntilAsync(set => set.Count == 0);
        Assert.False(watch.Ended.IsFaulted);
        Assert.Equal(LeaseStatus.Forgotten, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        await registry.DeregisterAsync(Service, "orders-1", Cancelled);
    }

    [Theory]
    [InlineData("""service "orders" { policy = "read" }""")]
    [InlineData(null)]
    public async Task RegisterAsync_MayNotWrite_NamesThePermission(string? rules)
    {
        await using var registry = Create(rules is null ? null : await TokenAsync(rules));

        var denied = await Assert.ThrowsAsync<RegistryException>(
            () => registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled));

        Assert.Equal(RegistryErrorKind.Denied, denied.Kind);
        Assert.Contains("service:write on service \"orders\"", denied.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""service_prefix "" { policy = "read" }""", "node:read")]
    [InlineData("""node_prefix "" { policy = "read" }""", "service:read")]
    [InlineData(null, "service:read")]
    public async Task WatchAsync_ListEmptiedByAMissingPermission_IsDeniedAndNamesIt(string? rules, string missing)
    {
        await using var registry = Create(Server.Token);
        await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);
        await WaitUntilListedAsync();
        await using var lookup = Create(rules is null ? null : await TokenAsync(rules));
        await using var watch = WatchRecorder.Start(lookup, Service, Cancelled);

        var denied = await Assert.ThrowsAsync<RegistryException>(() => watch.Ended.WaitAsync(TimeSpan.FromSeconds(20), Cancelled));

        Assert.Equal(RegistryErrorKind.Denied, denied.Kind);
        Assert.Contains(missing, denied.Message, StringComparison.Ordinal);
        Assert.Empty(watch.Changes);
    }

    [Fact]
    public async Task WatchAsync_UnknownServiceThatMayBeRead_IsEmpty()
    {
        await using var lookup = Create(await TokenAsync("""service "orders" { policy = "read" } node_prefix "" { policy = "read" }"""));
        await using var watch = WatchRecorder.Start(lookup, Service, Cancelled);

        Assert.Empty((await watch.UntilChangesAsync(seen => seen.Count > 0))[0].Upserts);
    }

    [Fact]
    public async Task EveryCall_TokenDeleted_IsDeniedWithoutShowingIt()
    {
        const string deleted = "3f1f2f3a-canary-4a4a-9f9f-0123456789ab";
        await using var registry = Create(deleted);

        var denied = await Assert.ThrowsAsync<RegistryException>(
            () => registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled));
        var lookup = await Assert.ThrowsAsync<RegistryException>(() => WatchRecorder.Start(registry, Service, Cancelled).Ended);

        Assert.Equal(RegistryErrorKind.Denied, denied.Kind);
        Assert.Equal(RegistryErrorKind.Denied, lookup.Kind);
        Assert.Contains("does not know the ACL token", denied.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", denied.ToString() + lookup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAliveAsync_TokenFileReplaced_UsesTheNewToken()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("token", Server.Token! + "\n");
        await using var registry = TestRegistry.Create(Server.Address, options => options.TokenFile = file);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance(Service), TestRegistry.Ttl, Cancelled);

        folder.Write("token", "00000000-1111-2222-3333-444444444444 is no token of this Consul".Split(' ')[0]);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(5));
        var denied = await Assert.ThrowsAsync<RegistryException>(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        folder.Write("token", Server.Token!);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(10));

        Assert.Equal(RegistryErrorKind.Denied, denied.Kind);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    private ConsulServiceRegistry Create(string? token) => TestRegistry.Create(Server.Address, options => options.Token = token);

    private Task WaitUntilListedAsync() => Eventually.HoldsAsync(
        async () => (await Server.Http.GetFromJsonAsync<JsonArray>($"/v1/health/service/{Service}", Cancelled))!.Count == 1, cancellationToken: Cancelled);

    private async Task<string> TokenAsync(string rules) => (await ConsulTokens.CreateAsync(Server, rules)).Secret;
}
