using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What happens to some of the members of an etcd cluster, and not to the others.</summary>
internal static class ClusterFaults
{
    public static Fault LeaderKilled { get; } = Killed("leader killed", async cluster => [await cluster.FindLeaderAsync()]);

    public static Fault FollowerKilled { get; } = Killed("the first member, no leader, killed", async cluster =>
    {
        var leader = await cluster.FindLeaderAsync();
        return [cluster.Members.First(member => member != leader)];
    });

    public static Fault MajorityKilled { get; } = Killed("no leader: two members killed", async cluster =>
    {
        var leader = await cluster.FindLeaderAsync();
        return [leader, cluster.Members.First(member => member != leader)];
    });

    public static Fault LeaderSuspended { get; } = Suspended("leader hung (SIGSTOP)", async cluster => [await cluster.FindLeaderAsync()]);

    public static Fault MajoritySuspended { get; } = Suspended("no leader: two members hung (SIGSTOP)", async cluster =>
    {
        var leader = await cluster.FindLeaderAsync();
        return [leader, cluster.Members.First(member => member != leader)];
    });

    public static Fault FirstBlackHoled { get; } = new("packets to and from the first member vanish")
    {
        InjectAsync = stage =>
        {
            stage.Proxies[0].IsBlackHole = true;
            return Task.CompletedTask;
        },
        ProveAsync = async stage => Assert.False(await Asked.GetAnyAsync(stage.Proxies[0].Address)),
        MendAsync = stage =>
        {
            stage.Proxies[0].IsBlackHole = false;
            return Task.CompletedTask;
        },
    };

    public static Fault RolledOver { get; } = new("members restarted one after another")
    {
        InjectAsync = async stage =>
        {
            foreach (var member in Cluster(stage).Members)
            {
                await member.StopAsync();
                Assert.False(member.IsRunning);
                await member.StartAgainAsync(cancellationToken: TestContext.Current.CancellationToken);
            }
        },
    };

    private static Fault Killed(string name, Func<EtcdCluster, Task<IReadOnlyList<EtcdServer>>> choose) => new(name)
    {
        InjectAsync = async stage => await Task.WhenAll((stage.Affected = await choose(Cluster(stage))).Select(member => member.KillAsync())),
        ProveAsync = stage => ProveAsync(stage, member => !member.IsRunning),
        MendAsync = stage => Task.WhenAll(stage.Affected.Select(member => member.StartAgainAsync(cancellationToken: TestContext.Current.CancellationToken))),
    };

    private static Fault Suspended(string name, Func<EtcdCluster, Task<IReadOnlyList<EtcdServer>>> choose) => new(name)
    {
        InjectAsync = async stage =>
        {
            foreach (var member in stage.Affected = await choose(Cluster(stage)))
            {
                member.Suspend(); // returns when each of its threads stands still
            }
        },
        ProveAsync = stage => ProveAsync(stage, _ => true),
        MendAsync = stage =>
        {
            foreach (var member in stage.Affected)
            {
                member.Resume();
            }

            return Task.CompletedTask;
        },
    };

    /// <summary>The members are down, and the cluster writes exactly where a majority of them is left.</summary>
    private static async Task ProveAsync(Stage stage, Func<EtcdServer, bool> isDown)
    {
        Assert.All(stage.Affected, member => Assert.True(isDown(member)));
        Assert.All(await Task.WhenAll(stage.Affected.Select(member => Asked.GetAnyAsync(member.Endpoint))), Assert.False);
        var left = Cluster(stage).Members.First(member => !stage.Affected.Contains(member));
        if (stage.Affected.Count == 1)
        {
            await Testing.Eventually.HoldsAsync(async () => await TryWriteAsync(left), cancellationToken: TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.False(await TryWriteAsync(left));
        }
    }

    private static async Task<bool> TryWriteAsync(EtcdServer member)
    {
        try
        {
            await member.EtcdctlAsync("--command-timeout=1s", "put", "/proof", "x");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static EtcdCluster Cluster(Stage stage) => ((EtcdClusterUnderTest)stage.Registry).Cluster;
}
