using System.Globalization;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Tests;

/// <summary>Registering in other frameworks' layouts, and in several at once, against a real etcd.</summary>
public sealed class LayoutRegistryTests(SharedEtcdServer etcd)
{
    private static readonly (string Key, string? Value)[] Everything =
        [("AlsoWrite:0", "Kratos"), ("AlsoWrite:1", "GoMicro"), ("AlsoWrite:2", "GoZero"), ("AlsoWrite:3", "Kitex"), ("AlsoWrite:4", "Hertz")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Register_AlsoWrittenElsewhere_IsUnderOneLeaseAndGoesTogether()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, Everything);
        var service = TestRegistry.NewName();
        var lease = await registry.RegisterAsync(service);

        var keys = await KeysAsync(server, service);
        Assert.Equal(
            [$"/micro/registry/{service}/one", $"/microservices/{service}/one", $"/services/{service}/one", $"hertz/registry-etcd/{service}/10.0.0.1:8080", $"kitex/registry-etcd/{service}/10.0.0.1:8080"],
            keys.Where(key => !key.StartsWith(service, StringComparison.Ordinal)));
        Assert.Equal($"{service}/{LeaseOf(lease)}", Assert.Single(keys, key => key.StartsWith(service, StringComparison.Ordinal)));
        Assert.Equal(6, keys.Count);
        Assert.Equal(keys, (await server.EtcdctlAsync("lease", "timetolive", LeaseOf(lease).ToString("x", CultureInfo.InvariantCulture), "--keys")).Split('[')[^1].TrimEnd(']', ')').Split(' ').Order(StringComparer.Ordinal));

        await lease.RevokeAsync(Cancel);

        Assert.Empty(await KeysAsync(server, service));
    }

    [Theory]
    [InlineData("Kratos")]
    [InlineData("GoZero")]
    [InlineData("Kitex")]
    public async Task KeepAlive_UnhealthyWhereThatCannotBeSaid_TakesTheKeyAwayAndKeepsTheLease(string layout)
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, ("Layout", layout));
        var service = TestRegistry.NewName();
        await using var watch = registry.Watch(service);
        var lease = await registry.RegisterAsync(service);
        var leaseId = LeaseOf(lease);
        await Eventually.HoldsAsync(() => watch.Instances.Count == 1, cancellationToken: Cancel);

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Unhealthy));
            Assert.Empty(await KeysAsync(server, service));
            await Eventually.HoldsAsync(() => watch.Instances.Count == 0, cancellationToken: Cancel);
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Unhealthy));
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Unhealthy));

            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
            Assert.Single(await KeysAsync(server, service));
            await Eventually.HoldsAsync(() => watch.Instances.Count == 1, cancellationToken: Cancel);
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
        }

        Assert.Equal(leaseId, LeaseOf(lease));
    }

    [Fact]
    public async Task Register_UnhealthyWhereThatCannotBeSaid_IsNotSeenUntilItIsHealthy()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, Everything);
        var service = TestRegistry.NewName();
        var lease = await registry.Registry.RegisterAsync(TestRegistry.Instance(service) with { Health = HealthStatus.Unhealthy }, TestRegistry.Ttl, Cancel);

        Assert.Equal([$"/services/{service}/one"], await KeysAsync(server, service));
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Degraded));
        Assert.Equal(6, (await KeysAsync(server, service)).Count);
    }

    [Theory]
    [InlineData("Default")]
    [InlineData("Kratos")]
    [InlineData("GoZero")]
    [InlineData("Hertz")]
    public async Task KeepAlive_OneOfItsKeysWasDeleted_IsForgotten(string layout)
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, Everything);
        var service = TestRegistry.NewName();
        var lease = await registry.RegisterAsync(service);
        var key = layout switch
        {
            "Default" => $"/services/{service}/one",
            "Kratos" => $"/microservices/{service}/one",
            "GoZero" => $"{service}/{LeaseOf(lease)}",
            _ => $"hertz/registry-etcd/{service}/10.0.0.1:8080",
        };

        Assert.Equal("1", await server.EtcdctlAsync("del", key));

        await TestRegistry.BecomesAsync(lease, LeaseStatus.Forgotten);
        await registry.RegisterAsync(service);
        Assert.Contains(key.StartsWith(service, StringComparison.Ordinal) ? service + "/" : key, string.Join(',', await KeysAsync(server, service)), StringComparison.Ordinal);
        Assert.Equal(6, (await KeysAsync(server, service)).Count);
    }

    [Fact]
    public async Task KeepAlive_AnotherTookTheKeyWhileItWasUnhealthy_IsSupersededAndLeavesIt()
    {
        var server = await etcd.GetAsync();
        await using var one = TestRegistry.For(server, ("Layout", "Kratos"));
        await using var other = TestRegistry.For(server, ("Layout", "Kratos"));
        var service = TestRegistry.NewName();
        var first = await one.RegisterAsync(service);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(first, HealthStatus.Unhealthy));
        var second = await other.RegisterAsync(service);

        Assert.Equal(LeaseStatus.Superseded, await TestRegistry.KeepAliveAsync(first));

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(second));
        Assert.Single(await KeysAsync(server, service));
    }

    [Fact]
    public async Task Register_AtAnotherAddress_LeavesNoKeyAtTheOldOne()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, ("Layout", "Kitex"));
        var service = TestRegistry.NewName();
        var before = await registry.RegisterAsync(service);

        var now = await registry.Registry.RegisterAsync(TestRegistry.Instance(service, port: 8081), TestRegistry.Ttl, Cancel);

        Assert.Equal([$"kitex/registry-etcd/{service}/10.0.0.1:8081"], await KeysAsync(server, service));
        Assert.Equal(LeaseStatus.Superseded, await TestRegistry.KeepAliveAsync(before));
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(now));
    }

    [Fact]
    public async Task Register_UnderANewLeaseWithItInTheKey_DeletesTheOldKey()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, ("Layout", "GoZero"));
        var service = TestRegistry.NewName();
        var before = await registry.RegisterAsync(service);
        await before.DisposeAsync(); // as after a reply that was lost: the key stands, and its lease is to expire

        var now = await registry.RegisterAsync(service);

        Assert.NotEqual(LeaseOf(before), LeaseOf(now));
        Assert.Equal([$"{service}/{LeaseOf(now)}"], await KeysAsync(server, service));
    }

    [Fact]
    public async Task Register_TwoWithTheLeaseInTheKey_HaveALeaseEach()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, ("Layout", "GoZero"));
        var service = TestRegistry.NewName();

        var one = await registry.RegisterAsync(service, "one");
        var two = await registry.RegisterAsync(service, "two");

        Assert.Equal(new[] { $"{service}/{LeaseOf(one)}", $"{service}/{LeaseOf(two)}" }.Order(StringComparer.Ordinal), await KeysAsync(server, service));
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(one));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deregister_WithoutALease_RemovesAllItsKeys(bool byItsOwnProcess)
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, Everything);
        await using var other = TestRegistry.For(server, Everything);
        var service = TestRegistry.NewName();
        await registry.RegisterAsync(service);
        await registry.Registry.RegisterAsync(TestRegistry.Instance(service, "two", port: 8081), TestRegistry.Ttl, Cancel);

        await (byItsOwnProcess ? registry : other).Registry.DeregisterAsync(service, "one", Cancel);

        var left = await KeysAsync(server, service);
        Assert.Equal(6, left.Count);
        Assert.DoesNotContain(left, key => key.EndsWith("/one", StringComparison.Ordinal) || key.EndsWith(":8080", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_AnotherWritersGarbageInKratosLayout_IsPassedOverAndTheRestIsSeen()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, ("Layout", "Kratos"));
        var service = TestRegistry.NewName();
        await server.EtcdctlAsync("put", $"/microservices/{service}/bad", "{not json");
        await server.EtcdctlAsync("put", $"/microservices/{service}-admin/x", $$"""{"id":"x","name":"{{service}}-admin","endpoints":["http://10.0.0.1:1"]}""");
        await server.EtcdctlAsync("put", $"/microservices/{service}/8f0c", $$"""{"id":"8f0c","name":"{{service}}","version":"v1","metadata":{"weight":"7"},"endpoints":["grpc://10.0.0.1:9000"]}""");
        await using var watch = registry.Watch(service);

        await watch.HoldsAsync("8f0c");
        Assert.Equal(("v1", 7, new Uri("grpc://10.0.0.1:9000")), (watch.Instances["8f0c"].Version, watch.Instances["8f0c"].Weight, watch.Instances["8f0c"].Endpoints[0]));
        Assert.Equal(1, registry.Registry.SkippedEntries);
        await registry.RegisterAsync(service);
        await watch.HoldsAsync("8f0c", "one");
        Assert.Contains(service, await registry.Registry.GetServicesAsync(Cancel));
    }

    [Fact]
    public async Task GetServices_OfALayoutWithoutAPrefix_FindsThemAmongAllKeys()
    {
        var server = await etcd.GetAsync();
        await using var registry = TestRegistry.For(server, ("Layout", "GoZero"));
        await using var below = TestRegistry.For(server, ("Layout", "GoZero"), ("KeyPrefix", "team/"));
        var service = TestRegistry.NewName();
        await registry.RegisterAsync(service);

        Assert.Contains(service, await registry.Registry.GetServicesAsync(Cancel));
        Assert.DoesNotContain(service, await below.Registry.GetServicesAsync(Cancel));
        Assert.Equal($"Etcd {server.Endpoint.GetLeftPart(UriPartial.Authority)} team (GoZero)", below.Registry.Description);
    }

    private static long LeaseOf(IServiceLease lease) => long.Parse(lease.Description.Split(' ')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<string>> KeysAsync(EtcdServer server, string service) =>
        [.. (await server.EtcdctlAsync("get", "", "--prefix", "--keys-only")).Split('\n').Where(key => key.Contains(service, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
