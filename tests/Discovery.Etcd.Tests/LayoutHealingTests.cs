using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Tests;

/// <summary>Keys that come and go with health, or with a lease, when it is not known whether etcd has heard.</summary>
public sealed class LayoutHealingTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(2); // a keep-alive serves others for a sixth of it

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Default", HealthStatus.Healthy)]
    [InlineData("Default", HealthStatus.Unhealthy)]
    [InlineData("Kratos", HealthStatus.Healthy)]
    [InlineData("Kratos", HealthStatus.Unhealthy)]
    public async Task KeepAlive_AfterTheReplyToUnhealthyWasLost_IsHeldWithTheKeysThatItIsToHave(string layout, HealthStatus then)
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancel);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.Create([proxy.Address], [("Layout", layout), ("AlsoWrite:0", "GoMicro")]);
        await using var lease = await test.RegisterAsync("orders", ttl: Ttl);
        await using var sibling = await test.RegisterAsync("payments", ttl: Ttl);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(sibling));
        Assert.Equal(2, (await KeysAsync(server)).Count);

        proxy.IsHalfOpen = true;
        await Assert.ThrowsAsync<RegistryException>(() => TestRegistry.KeepAliveAsync(lease, HealthStatus.Unhealthy));
        Assert.Equal(layout == "Default" ? ["/services/orders/one"] : [], await KeysAsync(server)); // etcd has heard it
        proxy.IsHalfOpen = false;
        proxy.DropConnections();

        await Eventually.IsAsync(() => TestRegistry.TryKeepAliveAsync(lease, then), status => status is not null, cancellationToken: Cancel);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, then));
        Assert.Equal(then == HealthStatus.Healthy ? 2 : layout == "Default" ? 1 : 0, (await KeysAsync(server)).Count);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
        Assert.Equal(2, (await KeysAsync(server)).Count);
    }

    [Fact]
    public async Task KeepAlive_AfterTheReplyToARegistrationWasLost_MovesToANewLeaseAndDeletesTheOldKey()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancel);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.Create([proxy.Address], [("Layout", "GoZero"), ("AlsoWrite:0", "Kratos")]);
        await using var lease = await test.RegisterAsync("orders", ttl: Ttl);
        var before = await KeysAsync(server);

        proxy.IsHalfOpen = true;
        await Assert.ThrowsAsync<RegistryException>(() => test.Registry.RegisterAsync(TestRegistry.Instance("orders", port: 8081), Ttl, Cancel));
        Assert.Contains("10.0.0.1:8081", await server.EtcdctlAsync("get", "--prefix", "orders/", "--print-value-only"), StringComparison.Ordinal); // etcd has heard it
        proxy.IsHalfOpen = false;
        proxy.DropConnections();

        await Eventually.IsAsync(() => TestRegistry.TryKeepAliveAsync(lease), status => status is not null, cancellationToken: Cancel);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
        var after = await KeysAsync(server);
        Assert.Equal(["/microservices/orders/one", $"orders/{Convert.ToInt64(lease.Description.Split(' ')[1], 16)}"], after);
        Assert.NotEqual(before, after);
        Assert.Equal("10.0.0.1:8080", await server.EtcdctlAsync("get", "--prefix", "orders/", "--print-value-only"));
        Assert.Equal(2, test.Logs.Of(3111).Count);
    }

    private static async Task<IReadOnlyList<string>> KeysAsync(EtcdServer server) =>
        [.. (await server.EtcdctlAsync("get", "", "--prefix", "--keys-only")).Split('\n').Where(key => key.Contains("orders", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
