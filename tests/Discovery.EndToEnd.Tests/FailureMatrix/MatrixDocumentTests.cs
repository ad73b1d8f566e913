using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Faults;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Holds the table of the documentation against the rows that are played.</summary>
[SupportedOSPlatform("linux")]
public sealed class MatrixDocumentTests
{
    private static readonly string Document = Path.Combine(RepositoryFiles.Root, "src", "Discovery.Hosting", "docs", "failure-matrix.md");

    [Fact]
    public void Table_OfTheDocument_HasExactlyTheRowsThatArePlayed()
    {
        Assert.Equal(MatrixRows.ByTest.SelectMany(test => test.Rows.Select(row => MatrixTable.Format(row, test.Test))), Table.Select(WithoutTime));
    }

    [Fact]
    public void Rows_OfTheTable_LeadToTheTestThatPlaysThem()
    {
        foreach (var (test, rows) in MatrixRows.ByTest)
        {
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Document)!, MatrixTable.FolderOfTests, $"{test.Name}.cs")), test.Name);
            Assert.Equal(
                rows.Select(row => row.ToString()).Order(StringComparer.Ordinal),
                NamesIn(test, "Names").Concat(NamesIn(test, "NamesOnDemand")).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Rows_OfTheTable_HaveAllBeenPlayed() =>
        Assert.All(Table, line => Assert.EndsWith(" s |", line, StringComparison.Ordinal));

    [Fact]
    public void Rows_OfTheMatrix_AreAtLeastFortyAndAllDifferent()
    {
        Assert.InRange(MatrixRows.All.Count, 40, int.MaxValue);
        Assert.Equal(MatrixRows.All.Count, MatrixRows.All.Select(row => row.ToString()).Distinct().Count());
    }

    [Fact]
    public void Rows_OfEveryRun_AreAtLeastFortyWithEachRegistryAndEachKindOfFault()
    {
        var always = MatrixRows.All.Where(row => row.OnDemandBecause is null).ToList();

        Assert.InRange(always.Count, 40, int.MaxValue);
        Assert.Equal(["Consul", "Etcd", "Etcd cluster", "Local"], always.Select(row => row.Registry).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(Kinds.Select(kind => kind.Name).Except(always.Select(row => row.Fault.Name)));
    }

    [Fact]
    public void Rows_WhileACopyIsToldToStop_AreThereForEachFaultThatLeavesItAlive()
    {
        // A copy that is dead or hung cannot be told; and clocks are still set wrong when all stop, at the end of their row.
        var elsewhere = new[]
        {
            ServerFaults.WipedAndPast, EtcdFaults.Compacted, EtcdFaults.LeasesRevoked, CopyFaults.Killed, CopyFaults.Suspended, CopyFaults.ClockStepped,
            DiskFaults.CacheFolderGone, ClusterFaults.FollowerKilled, ClusterFaults.RolledOver,
            ScaleFaults.WithManyServices(ServerFaults.Wiped), ScaleFaults.WithManyServices(LocalFaults.ReplacedByAFile),
        };
        var told = MatrixRows.All.Where(row => row.Leaves).Select(row => row.Fault.Name);

        Assert.Equal([], MatrixRows.All.Select(row => row.Fault.Name).Except(told).Except(elsewhere.Select(fault => fault.Name)));
    }

    private static IEnumerable<string> Table =>
        File.ReadLines(Document).SkipWhile(line => line != MatrixTable.Heading.Split('\n')[0]).Skip(2).TakeWhile(line => line.StartsWith('|'));

    private static IEnumerable<Fault> Kinds =>
    [
        ServerFaults.Killed, ServerFaults.Wiped, ServerFaults.Suspended, ServerFaults.RestoredFromBackup, ServerFaults.WipedAndPast, ServerFaults.Deregistered,
        EtcdFaults.Compacted, EtcdFaults.LeasesRevoked, ClusterFaults.LeaderKilled, ClusterFaults.LeaderSuspended, ClusterFaults.MajorityKilled, ClusterFaults.FirstBlackHoled,
        NetworkFaults.Dropped, NetworkFaults.Refused, NetworkFaults.Delayed, NetworkFaults.Throttled, NetworkFaults.BlackHoled, NetworkFaults.HalfOpen, NetworkFaults.Truncated, NetworkFaults.Garbled,
        ConsulFaults.Fails, ConsulFaults.TalksNonsense, ConsulFaults.HangsInTheBody, ConsulFaults.ListsNothing, ConsulFaults.GoesBackInTime, ConsulFaults.ConnectionsTaken,
        DiskFaults.CacheDiskFull, DiskFaults.CacheFolderGone, CopyFaults.Killed, CopyFaults.Suspended, CopyFaults.ClockStepped,
        ScaleFaults.ThousandExpire, ScaleFaults.WithManyServices(ServerFaults.Killed), ScaleFaults.WithManyServices(LocalFaults.ReplacedByAFile),
        LocalFaults.Deleted, LocalFaults.ReplacedByAFile, LocalFaults.FilesGarbled,
    ];

    private static IEnumerable<string> NamesIn(Type test, string property) =>
        ((TheoryData<string>)test.GetProperty(property)!.GetValue(null)!).Select(row => row.Data);

    private static string WithoutTime(string line) => line[..(line.LastIndexOf('|', line.Length - 2) + 1)];
}
