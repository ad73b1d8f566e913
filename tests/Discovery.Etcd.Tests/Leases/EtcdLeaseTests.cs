using System.Globalization;
using System.Text.Json;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Tests.Leases;

public sealed class EtcdLeaseTests(SharedEtcdServer etcd)
{
    [Fact]
    public async Task RegisterAsync_OfManyAtOnce_PutsAllUnderOneLease()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();

        var leases = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => test.RegisterAsync(service, $"i{i}")));

        var keys = await KeysAsync(server, service);
        Assert.Equal(50, keys.Count);
        Assert.Single(keys.Select(key => key.Lease).Distinct());
        Assert.Single(test.Logs.Of(3111));
        await Task.WhenAll(leases.Select(lease => lease.RevokeAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task RegisterAsync_WithAnotherTtl_TakesAnotherLease()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();

        await using var one = await test.RegisterAsync(service, "one", TimeSpan.FromSeconds(15));
        await using var two = await test.RegisterAsync(service, "two", TimeSpan.FromSeconds(30));

        Assert.Equal(2, (await KeysAsync(server, service)).Select(key => key.Lease).Distinct().Count());
    }

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task RevokeAsync_OfTheLast_RevokesTheLeaseToo(EtcdVersion version)
    {
        var server = await etcd.GetAsync(version);
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var one = await test.RegisterAsync(service, "one");
        await using var two = await test.RegisterAsync(service, "two");
        var lease = (await KeysAsync(server, service))[0].Lease;

        await one.RevokeAsync(TestContext.Current.CancellationToken);
        Assert.Equal("two", Assert.Single(await KeysAsync(server, service)).Id);
        Assert.Contains(Hex(lease), await server.EtcdctlAsync("lease", "list"), StringComparison.Ordinal);

        await two.RevokeAsync(TestContext.Current.CancellationToken);
        await two.RevokeAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await KeysAsync(server, service));
        Assert.DoesNotContain(Hex(lease), await server.EtcdctlAsync("lease", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterAsync_AfterTheLastWasRevoked_IsGrantedAnotherLease()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using (var one = await test.RegisterAsync(service))
        {
            await one.RevokeAsync(TestContext.Current.CancellationToken);
        }

        await using var again = await test.RegisterAsync(service);

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(again));
        Assert.Single(await KeysAsync(server, service));
    }

    // Nobody keeps a lease alive that nothing stands under any more: that etcd does not know it then is no news, and no Ttl that is too short.
    [Fact]
    public async Task RegisterAsync_LongAfterTheLastWasSuperseded_WarnsOfNothing()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        await using var other = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        var before = await test.RegisterAsync(service, ttl: TimeSpan.FromSeconds(2));
        var lease = (await KeysAsync(server, service))[0].Lease;
        await using var after = await other.RegisterAsync(service);
        await TestRegistry.BecomesAsync(before, LeaseStatus.Superseded);
        await before.DisposeAsync();
        await Eventually.HoldsAsync(
            async () => !(await server.EtcdctlAsync("lease", "list")).Contains(Hex(lease), StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);

        await using var again = await test.RegisterAsync(service, "two", TimeSpan.FromSeconds(2));

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(again));
        Assert.Empty(test.Logs.Of(3112));
    }

    [Fact]
    public async Task KeepAliveAsync_WhileHealthStaysTheSame_WritesOnceForEachChange()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var lease = await test.RegisterAsync(service);
        var created = (await KeysAsync(server, service))[0];

        foreach (var health in new[] { HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Unhealthy, HealthStatus.Degraded })
        {
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, health));
        }

        var now = (await KeysAsync(server, service))[0];
        Assert.Equal(created.Version + 2, now.Version);
        Assert.Equal(created.CreateRevision, now.CreateRevision);
        Assert.Contains("\"health\":\"degraded\"", now.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task KeepAliveAsync_AfterAnOperatorDeletedTheKey_FindsItForgotten(EtcdVersion version)
    {
        var server = await etcd.GetAsync(version);
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var sibling = await test.RegisterAsync(service, "sibling");
        await using var lease = await test.RegisterAsync(service);
        var before = (await KeysAsync(server, service)).Single(key => key.Id == "one").CreateRevision;

        await server.EtcdctlAsync("del", $"/services/{service}/one");
        await TestRegistry.BecomesAsync(lease, LeaseStatus.Forgotten);
        await using var again = await test.RegisterAsync(service);

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(again));
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(sibling));
        Assert.True((await KeysAsync(server, service)).Single(key => key.Id == "one").CreateRevision > before);
    }

    [Fact]
    public async Task KeepAliveAsync_WithANewHealthAfterTheKeyWasDeleted_DoesNotBringItBack()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var lease = await test.RegisterAsync(service);
        await server.EtcdctlAsync("del", $"/services/{service}/one");

        Assert.Equal(LeaseStatus.Forgotten, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Unhealthy));
        Assert.Empty(await KeysAsync(server, service));
    }

    [Fact]
    public async Task KeepAliveAsync_AfterAnOperatorRevokedTheLease_FindsItForgottenWithinASixthOfTheTtl()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var lease = await test.RegisterAsync(service);

        await server.EtcdctlAsync("lease", "revoke", Hex((await KeysAsync(server, service))[0].Lease));
        await TestRegistry.BecomesAsync(lease, LeaseStatus.Forgotten);
        await using var again = await test.RegisterAsync(service);

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(again));
        Assert.Single(await KeysAsync(server, service));
    }

    [Fact]
    public async Task RegisterAsync_UnderALeaseThatWasRevokedUnseen_GetsAnotherOne()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        await using var lease = await test.RegisterAsync(service, "one");
        await server.EtcdctlAsync("lease", "revoke", Hex((await KeysAsync(server, service))[0].Lease));

        // The lease still counts as acknowledged, so that etcd refuses the put. The next attempt is granted another one.
        var refused = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync(service, "two"));
        await using var second = await test.RegisterAsync(service, "two");

        Assert.Equal(RegistryErrorKind.Unavailable, refused.Kind);
        Assert.Equal(LeaseStatus.Forgotten, await TestRegistry.KeepAliveAsync(lease));
        Assert.Equal("two", Assert.Single(await KeysAsync(server, service)).Id);
    }

    [Fact]
    public async Task DisposeAsync_WithoutRevoking_LetsTheKeyExpireAlthoughASiblingLives()
    {
        var server = await etcd.GetAsync();
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        var ttl = TimeSpan.FromSeconds(2);
        await using var sibling = await test.RegisterAsync(service, "sibling", ttl);
        var abandoned = await test.RegisterAsync(service, "abandoned", ttl);
        await using var watched = test.Watch(service);
        await watched.HoldsAsync("abandoned", "sibling");

        await abandoned.DisposeAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(sibling));
                return watched.Instances.Count == 1;
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("sibling", Assert.Single(await KeysAsync(server, service)).Id);
        Assert.DoesNotContain(watched.Changes, change => change.RemovedIds.Contains("sibling"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RevokeAsync_AfterAMoveToAnotherLeaseWhoseAnswerWasLost_LeavesNoKey(bool siblingStays)
    {
        var server = await etcd.GetAsync();
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        var service = TestRegistry.NewName();
        var (sibling, lease) = await MovedUnansweredAsync(test, proxy, service, TestRegistry.Ttl);
        var moved = (await KeysAsync(server, service)).Where(key => key.Id is "one" or "sibling").Select(key => key.Lease).Distinct().Single();

        if (!siblingStays)
        {
            await sibling.RevokeAsync(TestContext.Current.CancellationToken);
        }

        await lease.RevokeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(siblingStays ? ["abandoned", "sibling"] : ["abandoned"], (await KeysAsync(server, service)).Select(key => key.Id));
        Assert.Equal(siblingStays, (await server.EtcdctlAsync("lease", "list")).Contains(Hex(moved), StringComparison.Ordinal));
        await sibling.DisposeAsync();
    }

    [Fact]
    public async Task DisposeAsync_AfterAMoveToAnotherLeaseWhoseAnswerWasLost_LetsTheKeyExpire()
    {
        var server = await etcd.GetAsync();
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        var service = TestRegistry.NewName();
        var (sibling, lease) = await MovedUnansweredAsync(test, proxy, service, TimeSpan.FromSeconds(8));

        await lease.DisposeAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(sibling));
                return (await KeysAsync(server, service)) is [{ Id: "sibling" }];
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
        await sibling.RevokeAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Two registrations that must leave the lease of a third. Both have moved, and one of them has not heard of it.</summary>
    private static async Task<(IServiceLease Sibling, IServiceLease Unanswered)> MovedUnansweredAsync(TestRegistry test, TcpProxy proxy, string service, TimeSpan ttl)
    {
        var sibling = await test.RegisterAsync(service, "sibling", ttl);
        var lease = await test.RegisterAsync(service, "one", ttl);
        await (await test.RegisterAsync(service, "abandoned", ttl)).DisposeAsync();
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(sibling));
        proxy.IsHalfOpen = true;
        await Assert.ThrowsAsync<RegistryException>(() => TestRegistry.KeepAliveAsync(lease));
        proxy.IsHalfOpen = false;
        proxy.DropConnections();
        await Eventually.HoldsAsync(async () => await Record.ExceptionAsync(() => TestRegistry.KeepAliveAsync(sibling)) is null); // the stream is open again
        return (sibling, lease);
    }

    private static string Hex(long lease) => lease.ToString("x", CultureInfo.InvariantCulture);

    private static async Task<List<StoredKey>> KeysAsync(EtcdServer server, string service)
    {
        using var answer = JsonDocument.Parse(await server.EtcdctlAsync("get", "--prefix", $"/services/{service}/", "-w", "json"));
        return answer.RootElement.TryGetProperty("kvs", out var entries) ? [.. entries.EnumerateArray().Select(StoredKey.Of)] : [];
    }

    private sealed record StoredKey(string Id, string Value, long CreateRevision, long Version, long Lease)
    {
        public static StoredKey Of(JsonElement entry) => new(
            System.Text.Encoding.UTF8.GetString(entry.GetProperty("key").GetBytesFromBase64()).Split('/')[^1],
            System.Text.Encoding.UTF8.GetString(entry.GetProperty("value").GetBytesFromBase64()),
            entry.GetProperty("create_revision").GetInt64(),
            entry.GetProperty("version").GetInt64(),
            entry.GetProperty("lease").GetInt64());
    }
}
