using Discovery.Testing;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Discovery.Etcd.Tests.Watching;

public sealed class ServiceWatchTests
{
    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task ReadAsync_AfterACompactionWhileDisconnected_ListsAgainAndKeepsNoGhost(EtcdVersion version)
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerOptions { Version = version }, TestContext.Current.CancellationToken);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        await using var owner = TestRegistry.For(server);
        await using var watched = test.Watch("orders");
        await watched.ListedAsync();
        await using var gone = await owner.RegisterAsync("orders", "gone");
        await watched.HoldsAsync("gone"); // as an event: the stream serves by now, and is what is cut

        proxy.IsBlackHole = true;
        await gone.RevokeAsync(TestContext.Current.CancellationToken);
        await using var come = await owner.RegisterAsync("orders", "come");
        await CompactAsync(server);
        proxy.IsBlackHole = proxy.IsHalfOpen = false;
        proxy.DropConnections();
        await watched.HoldsAsync("come");

        Assert.Empty(watched.Losses);
        Assert.Equal(2, watched.Changes.Count(change => change.IsComplete));
        Assert.DoesNotContain(watched.Changes, change => change.RemovedIds.Count > 0);
    }

    [Fact]
    public async Task ReadAsync_AfterTheConnectionWasCut_MissesNothingAndDoesNotListAgain()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.For(proxy.Address);
        await using var owner = TestRegistry.For(server);
        await using var watched = test.Watch("orders");
        await watched.ListedAsync();
        await using var gone = await owner.RegisterAsync("orders", "gone");
        await watched.HoldsAsync("gone"); // as an event: the stream serves by now, and is what is cut

        proxy.IsBlackHole = true;
        await gone.RevokeAsync(TestContext.Current.CancellationToken);
        await using var come = await owner.RegisterAsync("orders", "come");
        proxy.IsBlackHole = proxy.IsHalfOpen = false;
        proxy.DropConnections();
        await watched.HoldsAsync("come");

        Assert.Empty(watched.Losses);
        Assert.Single(watched.Changes, change => change.IsComplete);
        Assert.Single(watched.Changes, change => change.RemovedIds.Contains("gone"));
    }

    [Fact]
    public async Task ReadAsync_OfAClusterThatWasWiped_ListsWhatIsThereNow()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var owner = TestRegistry.For(server);
        foreach (var i in Enumerable.Range(0, 20))
        {
            await owner.RegisterAsync("orders", $"old{i}");
        }

        await using var watched = test.Watch("orders");
        await Eventually.HoldsAsync(() => watched.Instances.Count == 20, cancellationToken: TestContext.Current.CancellationToken);

        await server.KillAsync();
        await server.StartAgainAsync(wipe: true, TestContext.Current.CancellationToken);
        await using var later = TestRegistry.For(server);
        await using var lease = await later.RegisterAsync("orders", "new");

        await watched.HoldsAsync("new");
    }

    [Fact]
    public async Task ReadAsync_WhileNothingChanges_ConfirmsIt()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var watched = test.Watch("orders");

        await Eventually.HoldsAsync(
            () => watched.Changes.Count(change => change == RegistryChange.Confirmation) >= 3, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(test.Logs.Of(3201));
    }

    [Fact]
    public async Task ReadAsync_ByOneWhoNeverGivesItsThreadBack_DelaysNoOther()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var owner = TestRegistry.For(server);
        using var release = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = BlockAsync(test, blocked, release);
        await using var watched = test.Watch("orders");
        await watched.ListedAsync();
        try
        {
            await using var cause = await owner.RegisterAsync("slow");
            await blocked.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

            await using var seen = await owner.RegisterAsync("orders", "seen");
            await watched.HoldsAsync("seen");
            var confirmed = watched.Changes.Count(change => change == RegistryChange.Confirmation);
            await Eventually.HoldsAsync(
                () => watched.Changes.Count(change => change == RegistryChange.Confirmation) > confirmed + 1, cancellationToken: TestContext.Current.CancellationToken);

            Assert.False(slow.IsCompleted);
            Assert.Empty(watched.Losses);
            Assert.Empty(test.Logs.Of(3201));
        }
        finally
        {
            release.Set();
        }

        Assert.True(await slow);
    }

    // Whether it was let go of.
    private static async Task<bool> BlockAsync(TestRegistry test, TaskCompletionSource blocked, ManualResetEventSlim release)
    {
        await foreach (var change in test.Registry.WatchAsync("slow", TestContext.Current.CancellationToken).ConfigureAwait(false))
        {
            if (change.Upserts.Count > 0)
            {
                blocked.SetResult();
                return release.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            }
        }

        return false;
    }

    // Not by etcdctl, which may take longer to start than a silent stream is put up with.
    private static async Task CompactAsync(EtcdServer server)
    {
        using var channel = GrpcChannel.ForAddress(server.Endpoint);
        var client = new KV.KVClient(channel);
        var latest = await client.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8("x") });
        await client.CompactAsync(new CompactionRequest { Revision = latest.Header.Revision });
    }
}
