using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

internal static class EtcdRows
{
    public static IEnumerable<Row> Server =>
    [
        .. ServerRows.Of("Etcd").Select(row => row.Fault == ServerFaults.WipedAndPast || row.Fault == ServerFaults.Killed ? row.OnDemand(OnDemand.Elsewhere) : row),
        Row(EtcdFaults.Compacted) with { After = ServerRows.AfterADeath },
        Row(EtcdFaults.LeasesRevoked) with { Sight = Sight.Either, KeepsAll = false },
        .. ServerRows.OfCopies("Etcd"),
        Row(DiskFaults.CacheDiskFull) with { HasSmallDisk = true },
    ];

    public static IEnumerable<Row> Network => NetworkRows.Of("Etcd", onDemand: [NetworkFaults.Delayed, NetworkFaults.Throttled]);

    public static IEnumerable<Row> Leaving =>
    [
        .. LeavingRows.Of("Etcd"),
        LeavingRows.Leaving(Row(DiskFaults.CacheDiskFull) with { HasSmallDisk = true }).OnDemand(OnDemand.Alike),
    ];

    public static IEnumerable<Row> Cluster => new[]
    {
        Row(ServerFaults.Killed).OnDemand(OnDemand.Elsewhere),
        Row(ServerFaults.Wiped).OnDemand(OnDemand.Elsewhere),
        Row(EtcdFaults.Compacted) with { After = ServerRows.AfterADeath },
        Row(ClusterFaults.FollowerKilled).OnDemand(OnDemand.Alike) with { Sight = Sight.Live },
        Row(ClusterFaults.LeaderKilled) with { Sight = Sight.Live },
        Row(ClusterFaults.LeaderSuspended) with { Sight = Sight.Live },
        Row(ClusterFaults.MajorityKilled) with { Sight = Sight.Either },
        Row(ClusterFaults.MajoritySuspended).OnDemand(OnDemand.Alike) with { Sight = Sight.Either },
        Row(ClusterFaults.FirstBlackHoled) with { Sight = Sight.Live },
        Row(ClusterFaults.RolledOver).OnDemand(OnDemand.Long) with { Sight = Sight.Either },
        LeavingRows.Leaving(Row(ServerFaults.Killed)).OnDemand(OnDemand.Elsewhere),
        LeavingRows.Leaving(Row(ClusterFaults.LeaderKilled) with { Sight = Sight.Live }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ClusterFaults.LeaderSuspended) with { Sight = Sight.Live }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ClusterFaults.MajorityKilled) with { Sight = Sight.Either }),
        LeavingRows.Leaving(Row(ClusterFaults.MajoritySuspended) with { Sight = Sight.Either }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ClusterFaults.FirstBlackHoled) with { Sight = Sight.Live }).OnDemand(OnDemand.Alike),
    }.Select(row => row with { Registry = "Etcd cluster" });

    private static Row Row(Fault fault) => new("Etcd", fault);
}
