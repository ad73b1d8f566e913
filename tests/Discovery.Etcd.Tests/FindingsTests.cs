using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Discovery.Etcd.Channels;
using Discovery.Etcd.Leases;
using Discovery.Etcd.Watching;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Etcd.Tests;

/// <summary>What the simulation has found in etcd's provider, each as a test of its own.</summary>
public sealed partial class FindingsTests(SharedEtcdServer etcd)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Liveness_WithLessThanAMillisecondLeft_DoesNotRunOnUntilItIsOver()
    {
        var time = new FakeTimeProvider();
        var limit = TimeSpan.FromSeconds(1);
        var liveness = new WatchLiveness(limit, time);
        using var ending = new CancellationTokenSource();
        time.Advance(limit - TimeSpan.FromMicroseconds(500));
        try
        {
            var watching = Task.Run(() => liveness.WatchAsync(() => WatchLiveness.AskAfter, () => true, ending.Token), TestContext.Current.CancellationToken);

            await Assert.ThrowsAsync<RpcException>(() => watching.WaitAsync(Bound, TimeProvider.System, TestContext.Current.CancellationToken));
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    [Fact]
    public async Task KeepAlive_ThatFailsAfterAllHaveGivenItUp_LeavesNoUnobservedException()
    {
        var message = $"failed late {Guid.NewGuid()}";
        using var unobserved = new UnobservedExceptions();

        await FailLateAsync(message);

        Assert.DoesNotContain(unobserved.Collect(), exception => exception.Contains(message, StringComparison.Ordinal));
    }

    // A write that was given up, and sent again through another member, may arrive after a later one, or etcd may go back to a backup:
    // the key then stands under our lease and does not say what we said last.
    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task Write_ThatArrivesAfterALaterOne_IsWrittenOver(EtcdVersion version)
    {
        var server = await etcd.GetAsync(version);
        await using var test = TestRegistry.For(server);
        var service = TestRegistry.NewName();
        var key = $"/services/{service}/one";
        await using var lease = await test.RegisterAsync(service);
        var healthy = (await server.EtcdctlAsync("get", "--print-value-only", key)).Trim();
        var leaseId = long.Parse(LeasePattern().Match(await server.EtcdctlAsync("get", "-w", "fields", key)).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        await TestRegistry.KeepAliveAsync(lease, HealthStatus.Degraded);
        Assert.Contains("degraded", await server.EtcdctlAsync("get", key), StringComparison.Ordinal);

        await server.EtcdctlAsync("put", string.Create(CultureInfo.InvariantCulture, $"--lease={leaseId:x}"), key, healthy);
        Assert.Contains("healthy", await server.EtcdctlAsync("get", key), StringComparison.Ordinal);
        var statuses = new HashSet<LeaseStatus>();
        await Eventually.IsAsync(
            async () =>
            {
                statuses.Add(await TestRegistry.KeepAliveAsync(lease, HealthStatus.Degraded));
                return await server.EtcdctlAsync("get", key);
            },
            value => value.Contains("degraded", StringComparison.Ordinal),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(LeaseStatus.Held, Assert.Single(statuses));
    }

    // A log-in may take all the time there is, and what is left for the keep-alive is then less than none.
    [Fact]
    public void Try_WithNoTimeLeft_HasNoneRatherThanLess() =>
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (CallTimes.ForTry(TimeSpan.FromSeconds(-2), 1), CallTimes.ForTry(TimeSpan.FromSeconds(-2), 3)));

    [Theory]
    [InlineData(1, 5, true)] // goes on
    [InlineData(1, 6, true)] // another leader
    [InlineData(1, 2, false)] // wiped, or restored from a backup
    [InlineData(2, 5, false)] // made anew
    public void History_OfACluster_IsAnotherWhereItsIdIsOrItsTermGoesBack(ulong clusterId, ulong term, bool goesOn)
    {
        var history = new ClusterHistory();
        Assert.True(history.GoesOn(new ResponseHeader { ClusterId = 1, RaftTerm = 5 }));

        Assert.Equal(goesOn, history.GoesOn(new ResponseHeader { ClusterId = clusterId, RaftTerm = term }));
        Assert.True(history.GoesOn(new ResponseHeader { ClusterId = clusterId, RaftTerm = term }));
        Assert.True(history.GoesOn(null));
    }

    [GeneratedRegex("\"Lease\" : ([0-9]+)")]
    private static partial Regex LeasePattern();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task FailLateAsync(string message)
    {
        var time = new FakeTimeProvider();
        var answer = new TaskCompletionSource<TimeSpan>();
        var lease = new SharedLease(1, Ttl, time.GetTimestamp(), _ => answer.Task, time);
        using var giveUp = new CancellationTokenSource();
        var waiting = lease.KeepAliveAsync(lease.AcknowledgedAt, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        answer.SetException(new RegistryException(message));
    }
}
