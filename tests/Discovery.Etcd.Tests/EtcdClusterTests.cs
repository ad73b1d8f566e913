using System.Diagnostics;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests;

/// <summary>A cluster of three that loses one: what may be late, and what must not be lost.</summary>
[Collection(Timing.Name)]
public sealed class EtcdClusterTests
{
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(1);

    // What is promised, and what a machine that is busy with other things may add.
    private static readonly TimeSpan UnaryBound = TimeSpan.FromSeconds(1.1) + Noise;
    private static readonly TimeSpan StreamBound = TimeSpan.FromSeconds(4) + Noise;

    public enum Loss
    {
        Killed,
        Frozen,
        CutOff,
    }

    [Theory]
    [InlineData(Loss.Killed, false)]
    [InlineData(Loss.Killed, true)]
    [InlineData(Loss.Frozen, false)]
    [InlineData(Loss.Frozen, true)]
    [InlineData(Loss.CutOff, false)]
    public async Task Registry_WithTheMemberInUseLost_LosesNothing(Loss loss, bool isLeader)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var cluster = await EtcdCluster.StartAsync(cancellationToken: cancellationToken);
        var leader = await cluster.FindLeaderAsync();
        var lost = cluster.Members.First(member => member == leader == isLeader);
        var others = cluster.Members.Where(member => member != lost).ToArray();
        await using var proxy = TcpProxy.Start(lost.Endpoint);
        await using var test = TestRegistry.For([proxy.Address, .. others.Select(member => member.Endpoint)]);
        await using var writer = TestRegistry.For(others.Select(member => member.Endpoint));
        var service = TestRegistry.NewName();
        await using var lease = await test.RegisterAsync(service, "kept", TimeSpan.FromSeconds(9));
        await using var watched = test.Watch(service);
        await watched.HoldsAsync("kept");

        Lose(lost, proxy, loss);
        var lostAt = Stopwatch.GetTimestamp();
        var slowest = TimeSpan.Zero;
        var seenAfter = TimeSpan.Zero;
        var isWritten = false;
        while (Stopwatch.GetElapsedTime(lostAt) < TimeSpan.FromSeconds(12))
        {
            var startedAt = Stopwatch.GetTimestamp();
            await test.Registry.GetServicesAsync(cancellationToken);
            slowest = Max(slowest, Stopwatch.GetElapsedTime(startedAt));
            Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
            if (!isWritten)
            {
                await RegisterAsync(writer, service);
                isWritten = true;
                await watched.HoldsAsync("kept", "new");
                seenAfter = Stopwatch.GetElapsedTime(lostAt);
            }

            await Task.Delay(50, cancellationToken);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest unary call {slowest}, watch back after {seenAfter}");
        Assert.InRange(slowest, TimeSpan.Zero, isLeader ? UnaryBound + TimeSpan.FromSeconds(2) : UnaryBound);
        Assert.InRange(seenAfter, TimeSpan.Zero, StreamBound);
        Assert.Empty(watched.Losses);
        Assert.All(watched.Changes, change => Assert.DoesNotContain("kept", change.RemovedIds));
        Assert.Equal(1, watched.Instances.Values.Count(instance => instance.Id == "kept"));
        Assert.Equal(2, (await others[0].EtcdctlAsync("get", "--prefix", "--keys-only", $"/services/{service}/")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    // Followers send keep-alives on to the leader. What they sent to one that hangs they wait for, seven seconds, on that stream; on another they know who leads by then.
    [Fact]
    public async Task KeepAlive_SentOnToALeaderThatHangs_IsSentAnewWhileTheLeaseStands()
    {
        var ttl = TimeSpan.FromSeconds(3);
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var cluster = await EtcdCluster.StartAsync(cancellationToken: cancellationToken);
        var leader = await cluster.FindLeaderAsync();
        await using var test = TestRegistry.For(cluster.Members.Where(member => member != leader).Select(member => member.Endpoint));
        await using var lease = await test.RegisterAsync(TestRegistry.NewName(), ttl: ttl);
        leader.Suspend();
        var wasSilent = false;
        var slowest = TimeSpan.Zero;
        await Eventually.HoldsAsync(
            async () => // at first a keep-alive is taken for one with the registration's, and not sent
            {
                var startedAt = Stopwatch.GetTimestamp();
                var status = await TestRegistry.TryKeepAliveAsync(lease);
                slowest = Max(slowest, Stopwatch.GetElapsedTime(startedAt));
                wasSilent |= status is null;
                Assert.True(status is null or LeaseStatus.Held, $"The lease is {status}.");
                return wasSilent && status == LeaseStatus.Held;
            },
            cancellationToken: cancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest keep-alive {slowest}");
        Assert.InRange(slowest, ttl / 2, (ttl / 2) + Noise);
    }

    // A write may fail while a leader is elected; to try again is for the registration loop.
    private static async Task RegisterAsync(TestRegistry writer, string service)
    {
        for (var left = 10; ; left--)
        {
            try
            {
                await writer.RegisterAsync(service, "new");
                return;
            }
            catch (RegistryException e) when (e.Kind == RegistryErrorKind.Unavailable && left > 0)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private static void Lose(EtcdServer member, TcpProxy proxy, Loss loss)
    {
        switch (loss)
        {
            case Loss.Killed:
                _ = member.KillAsync();
                break;
            case Loss.Frozen:
                member.Suspend();
                break;
            default:
                proxy.IsBlackHole = true;
                break;
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
