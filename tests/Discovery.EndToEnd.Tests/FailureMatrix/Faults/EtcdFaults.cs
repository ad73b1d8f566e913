using System.Globalization;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Faults;

/// <summary>What only etcd can do.</summary>
internal static class EtcdFaults
{
    public static Fault Compacted { get; } = new("cut off, and compacted meanwhile; a copy died")
    {
        InjectAsync = async stage =>
        {
            await NetworkFaults.Refused.InjectAsync(stage);
            await stage.Process.Process.KillAsync();
            stage.Lose(stage.Process.Id);
        },
        ProveAsync = NetworkFaults.Refused.ProveAsync,
        MendAsync = async stage =>
        {
            // By now the leases have run out, and no watcher will ever be told of these deletions.
            await Eventually.HoldsAsync(async () => (await stage.Registry.ListAsync(Stage.Service)).Count == 0, cancellationToken: TestContext.Current.CancellationToken);
            var revision = await stage.Registry.GetPositionAsync();
            await Any(stage).EtcdctlAsync("compact", revision.ToString(CultureInfo.InvariantCulture));
            var refused = await Assert.ThrowsAnyAsync<Exception>(() => Any(stage).EtcdctlAsync("get", "x", "--rev", (revision - 1).ToString(CultureInfo.InvariantCulture)));
            Assert.Contains("compacted", refused.Message, StringComparison.Ordinal);
            await NetworkFaults.Refused.MendAsync(stage);
        },
    };

    public static Fault LeasesRevoked { get; } = new("all leases revoked by an operator")
    {
        InjectAsync = async stage =>
        {
            var leases = (await Any(stage).EtcdctlAsync("lease", "list")).Split('\n', StringSplitOptions.TrimEntries).Skip(1);
            await Task.WhenAll(leases.Select(lease => Any(stage).EtcdctlAsync("lease", "revoke", lease)));
        },
        ProveAsync = stage => Eventually.HoldsAsync(
            () => stage.Copies.All(copy => copy.Log.Contains("no longer known", StringComparison.Ordinal)), cancellationToken: TestContext.Current.CancellationToken),
    };

    private static EtcdServer Any(Stage stage) => stage.Registry switch
    {
        EtcdUnderTest etcd => etcd.Server,
        EtcdClusterUnderTest cluster => cluster.Cluster.Members[0],
        _ => throw new InvalidOperationException("This is not etcd."),
    };
}
