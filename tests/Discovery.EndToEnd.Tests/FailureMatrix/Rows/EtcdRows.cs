using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

internal static class EtcdRows
{
    public static IEnumerable<Row> Server =>
    [
        .. ServerRows.Of("Etcd"),
        Row(EtcdFaults.Compacted) with { After = ServerRows.AfterADeath },
        Row(EtcdFaults.LeasesRevoked) with { Sight = Sight.Either, KeepsAll = false },
        .. ServerRows.OfCopies("Etcd"),
        Row(DiskFaults.CacheDiskFull) with { HasSmallDisk = true },
    ];

    public static IEnumerable<Row> Network => NetworkRows.Of("Etcd");

    public static IEnumerable<Row> Leaving => LeavingRows.Of("Etcd");

    public static IEnumerable<Row> Cluster => new[]
    {
        Row(ServerFaults.Killed),
        Row(ServerFaults.Wiped),
        Row(EtcdFaults.Compacted) with { After = ServerRows.AfterADeath },
        Row(ClusterFaults.FollowerKilled) with { Sight = Sight.Live },
        Row(ClusterFaults.LeaderKilled) with { Sight = Sight.Live },
        Row(ClusterFaults.LeaderSuspended) with { Sight = Sight.Live },
        Row(ClusterFaults.MajorityKilled) with { Sight = Sight.Either },
        Row(ClusterFaults.MajoritySuspended) with { Sight = Sight.Either },
        Row(ClusterFaults.FirstBlackHoled) with { Sight = Sight.Live },
        Row(ClusterFaults.RolledOver) with { Sight = Sight.Either },
        Row(ClusterFaults.MajorityKilled) with { Sight = Sight.Either, Leaves = true, After = LeavingRows.After },
        Row(ClusterFaults.LeaderSuspended) with { Sight = Sight.Live, Leaves = true, After = LeavingRows.After },
    }.Select(row => row with { Registry = "Etcd cluster" });

    private static Row Row(Fault fault) => new("Etcd", fault);
}
