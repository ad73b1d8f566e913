using System.Diagnostics;
using System.Globalization;
using Discovery.Consul.Watching;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>What following many services costs a real agent in connections, and callers in time.</summary>
[Collection("Timing")]
public sealed class ConsulConnectionsTests
{
    private const int Services = 100;
    private const int Changed = 20;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WatchAsync_HundredServices_HasNoMoreThanItsConnectionsAndSeesEachChangeWithinARound()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var proxy = TcpProxy.Start(server.Address);
        await using var registry = TestRegistry.Create(proxy.Address);

        var (delays, connections) = await FollowAsync(server, registry, proxy);

        TestContext.Current.TestOutputHelper?.WriteLine(Text(delays));
        Assert.InRange(connections, 2, new ConsulOptions().MaxConnections);
        Assert.InRange(delays.Max(), TimeSpan.Zero, WatchSlots.Round * 3); // a round, and what a busy machine takes
    }

    [Fact]
    public async Task WatchAsync_HundredServicesOverTls_ShareAConnectionAndSeeEachChangeAtOnce()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await ConsulServer.StartAsync(new ConsulServerOptions { Tls = certificates.Server(requireClientCertificate: false) }, Cancelled);
        await using var proxy = TcpProxy.Start(server.HttpsAddress!);
        await using var registry = TestRegistry.Create(new UriBuilder(proxy.Address) { Host = "localhost" }.Uri, options =>
        {
            options.Tls = certificates.Client(withClientCertificate: false);
            options.Tls.ServerName = "localhost";
        });

        var (delays, connections) = await FollowAsync(server, registry, proxy);

        TestContext.Current.TestOutputHelper?.WriteLine(Text(delays));
        Assert.InRange(connections, 1, 4);
        Assert.InRange(delays.Order().ElementAt(Changed / 2), TimeSpan.Zero, WatchSlots.Round / 2);
    }

    [Fact]
    public async Task WatchAsync_OneAfterTheOther_EachHasItsFirstAnswerWithoutWaitingForATurn()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(server.Address);
        var watches = new List<WatchRecorder>();
        var startedAt = Stopwatch.GetTimestamp();

        for (var i = 0; i < 40; i++)
        {
            watches.Add(await WatchRecorder.StartedAsync(registry, $"one-more-{i}", Cancelled));
        }

        Assert.InRange(Stopwatch.GetElapsedTime(startedAt), TimeSpan.Zero, WatchSlots.FullWait * 0.8); // a turn would come after a whole wait
        await Task.WhenAll(watches.Select(watch => watch.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task WatchAsync_EightProcessesWithManyServicesEach_LeaveANinthRoomToRegister()
    {
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled); // with an agent's own limit of 200
        await using var proxy = TcpProxy.Start(server.Address);
        var processes = Enumerable.Range(0, 8).Select(_ => TestRegistry.Create(proxy.Address)).ToList();
        var watches = await Task.WhenAll(processes.SelectMany(
            process => Enumerable.Range(0, 40).Select(i => WatchRecorder.StartedAsync(process, $"many-{i}", Cancelled))));
        await Eventually.HoldsAsync(() => proxy.OpenCount >= 8 * 16, cancellationToken: Cancelled);

        await using var ninth = TestRegistry.Create(proxy.Address);
        await using var lease = await ninth.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled);

        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        Assert.All(watches, watch => Assert.False(watch.Ended.IsCompleted));
        await Task.WhenAll(watches.Select(watch => watch.DisposeAsync().AsTask()));
        await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
    }

    /// <summary>How long each of some changes takes to be seen while many services are followed.</summary>
    // Connections are counted while all are watched: a query that is given up ends its connection, and its turn is another's, on a new one.
    private static async Task<(IReadOnlyList<TimeSpan> Delays, int Connections)> FollowAsync(ConsulServer server, ConsulServiceRegistry registry, TcpProxy proxy)
    {
        await using var writer = TestRegistry.Create(server.Address);
        var services = Enumerable.Range(0, Services).Select(i => string.Create(CultureInfo.InvariantCulture, $"many-{i:000}")).ToList();
        foreach (var service in services)
        {
            await writer.RegisterAsync(TestRegistry.Instance(service), TimeSpan.FromMinutes(10), Cancelled);
        }

        var watches = await Task.WhenAll(services.Select(service => WatchRecorder.StartedAsync(registry, service, Cancelled)));
        try
        {
            var delays = await Task.WhenAll(watches.Zip(services).Where((_, i) => i % (Services / Changed) == 0).Select(async pair =>
            {
                var changedAt = Stopwatch.GetTimestamp();
                await writer.RegisterAsync(TestRegistry.Instance(pair.Second) with { Version = "2" }, TimeSpan.FromMinutes(10), Cancelled);
                await pair.First.UntilAsync(set => set is [{ Version: "2" }]);
                return Stopwatch.GetElapsedTime(changedAt);
            }));
            return (delays, proxy.HeldByClientsCount);
        }
        finally
        {
            await Task.WhenAll(watches.Select(watch => watch.DisposeAsync().AsTask()));
        }
    }

    private static string Text(IReadOnlyList<TimeSpan> delays) => string.Create(
        CultureInfo.InvariantCulture, $"seen after {delays.Average(delay => delay.TotalSeconds):0.00} s on average, {delays.Max().TotalSeconds:0.00} s at most");
}
