using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Tests;

/// <summary>What a lease and a watch find after something was done to etcd, or to the way to it.</summary>
public sealed class EtcdHealingTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task Lease_AfterARestartWithItsData_IsHeldAndNothingIsWritten(EtcdVersion version)
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerOptions { Version = version }, TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var lease = await test.RegisterAsync("orders", ttl: Ttl);
        await using var watched = test.Watch("orders");
        await watched.HoldsAsync("one");
        var incarnation = watched.Instances["one"].Incarnation;

        await server.KillAsync();
        var down = await Assert.ThrowsAsync<RegistryException>(() => BeatUntilAskedAsync(lease).WaitAsync(Eventually.DefaultBound, TestContext.Current.CancellationToken));
        await server.StartAgainAsync(cancellationToken: TestContext.Current.CancellationToken);
        await UntilAnsweredAsync(lease, LeaseStatus.Held);
        await using var two = await test.RegisterAsync("orders", "two");
        await watched.HoldsAsync("one", "two");

        Assert.Equal(RegistryErrorKind.Unavailable, down.Kind);
        Assert.Equal(incarnation, watched.Instances["one"].Incarnation);
        Assert.All(watched.Changes, change => Assert.Empty(change.RemovedIds));
        Assert.Single(test.Logs.Of(3111), entry => entry.Message.Contains(" 5 s", StringComparison.Ordinal));
        Assert.All(test.Logs.Of(3102), entry => Assert.Contains(". Look at", entry.Message, StringComparison.Ordinal));
        Assert.NotEmpty(test.Logs.Of(3102));
    }

    [Fact]
    public async Task Lease_AfterARestartWithoutItsData_IsForgottenAndCanBeRegisteredAnew()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var lease = await test.RegisterAsync("orders", ttl: Ttl);
        await using var watched = test.Watch("orders");
        await watched.HoldsAsync("one");

        await server.KillAsync();
        await server.StartAgainAsync(wipe: true, TestContext.Current.CancellationToken);
        await UntilAnsweredAsync(lease, LeaseStatus.Forgotten);
        await using var again = await test.RegisterAsync("orders", ttl: Ttl);

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(again));
        await watched.HoldsAsync("one");
        Assert.Equal("/services/orders/one", (await server.EtcdctlAsync("get", "--prefix", "--keys-only", "/services/")).Trim());
    }

    [Fact]
    public async Task Lease_AfterEtcdWasAwayForLongerThanTheTtl_IsAskedForBeforeAnotherIsGranted()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var lease = await test.RegisterAsync("orders", ttl: TimeSpan.FromSeconds(2));

        await server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await server.StartAgainAsync(cancellationToken: TestContext.Current.CancellationToken);
        await UntilAnsweredAsync(lease, LeaseStatus.Held); // etcd extends leases when it starts

        Assert.Single(test.Logs.Of(3111));
    }

    [Fact]
    public async Task Lease_WhoseKeepAliveRepliesAreLost_IsHeldOnceTheyArriveAgain()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        await using var direct = TestRegistry.For(server);
        await using var lease = await test.RegisterAsync("orders", ttl: TimeSpan.FromSeconds(12));
        await using var watched = direct.Watch("orders");
        await watched.HoldsAsync("one");

        proxy.IsHalfOpen = true;
        var lost = await Assert.ThrowsAsync<RegistryException>(() => BeatUntilAskedAsync(lease).WaitAsync(Eventually.DefaultBound, TestContext.Current.CancellationToken));
        proxy.IsHalfOpen = false; // the old connections have a hole in them now, and must be given up
        await UntilAnsweredAsync(lease, LeaseStatus.Held);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Degraded));

        Assert.Equal(RegistryErrorKind.Unavailable, lost.Kind);
        Assert.All(watched.Changes, change => Assert.Empty(change.RemovedIds));
        Assert.Single(test.Logs.Of(3111));
    }

    [Fact]
    public async Task RegisterAsync_WhoseReplyIsLost_LeavesAKeyThatCanBeDeregistered()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        await using var sibling = await test.RegisterAsync("orders", "sibling");

        proxy.IsHalfOpen = true;
        await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders", "lost"));
        Assert.Contains("/services/orders/lost", await server.EtcdctlAsync("get", "--prefix", "--keys-only", "/services/"), StringComparison.Ordinal);
        proxy.IsBlackHole = proxy.IsHalfOpen = false;
        proxy.DropConnections();
        await UntilDeregisteredAsync(test, "lost");

        Assert.Equal("/services/orders/sibling", (await server.EtcdctlAsync("get", "--prefix", "--keys-only", "/services/")).Trim());
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(sibling)); // and has moved away from the lease that the lost key stood under
        Assert.Equal(2, test.Logs.Of(3111).Count);
    }

    [Fact]
    public async Task EveryCall_ThatIsCancelled_SaysSoAndNothingElse()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        await using var owner = TestRegistry.For(server);
        await using var watched = test.Watch("orders");
        await watched.ListedAsync();
        await using var seen = await owner.RegisterAsync("orders", "seen");
        await watched.HoldsAsync("seen"); // as an event: the stream serves by now, and is what goes silent
        proxy.IsBlackHole = true;
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        foreach (var call in new Func<Task>[]
        {
            () => test.Registry.RegisterAsync(TestRegistry.Instance("orders"), Ttl, impatient.Token),
            () => test.Registry.DeregisterAsync("orders", "one", impatient.Token),
            () => test.Registry.GetServicesAsync(impatient.Token),
            async () => await test.Registry.WatchAsync("orders", impatient.Token).GetAsyncEnumerator(impatient.Token).MoveNextAsync(),
        })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        }
    }

    [Fact]
    public async Task RegisterAsync_WithEtcdFull_IsUnavailableAndSaysWhyWhileLeasesAreKept()
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerOptions { QuotaBackendBytes = 2 * 1024 * 1024 }, TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var lease = await test.RegisterAsync("orders", ttl: Ttl);
        await FillAsync(server);
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));

        var full = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders", "two"));
        var unwritten = await Assert.ThrowsAsync<RegistryException>(() => TestRegistry.KeepAliveAsync(lease, HealthStatus.Degraded));

        Assert.All([full, unwritten], e => Assert.Equal((RegistryErrorKind.Unavailable, true), (e.Kind, e.Message.Contains("NOSPACE", StringComparison.Ordinal))));
        Assert.Contains("/services/orders/one", await server.EtcdctlAsync("get", "--prefix", "--keys-only", "/services/"), StringComparison.Ordinal);
    }

    /// <summary>Keeps the lease alive until etcd is really asked: a keep-alive acknowledged a moment ago is shared.</summary>
    private static async Task BeatUntilAskedAsync(IServiceLease lease)
    {
        while (true)
        {
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static Task<LeaseStatus?> UntilAnsweredAsync(IServiceLease lease, LeaseStatus expected) => Eventually.IsAsync(
        () => TestRegistry.TryKeepAliveAsync(lease), status => status == expected, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken, $"the lease is {expected}");

    // A connection that was being made is dropped with the others, and takes a call with it.
    private static Task UntilDeregisteredAsync(TestRegistry test, string id) => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                await test.Registry.DeregisterAsync("orders", id, TestContext.Current.CancellationToken);
                return true;
            }
            catch (RegistryException e) when (e.Kind == RegistryErrorKind.Unavailable)
            {
                return false;
            }
        },
        cancellationToken: TestContext.Current.CancellationToken);

    private static async Task FillAsync(EtcdServer server)
    {
        var value = new string('x', 100_000);
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await server.EtcdctlAsync("put", $"/fill/{Guid.NewGuid():N}", value);
                    return false;
                }
                catch (InvalidOperationException e)
                {
                    return e.Message.Contains("space exceeded", StringComparison.Ordinal);
                }
            },
            TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
