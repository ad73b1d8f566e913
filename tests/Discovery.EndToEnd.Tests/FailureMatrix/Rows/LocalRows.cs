using System.Runtime.Versioning;
using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

[SupportedOSPlatform("linux")]
internal static class LocalRows
{
    public static IEnumerable<Row> All =>
    [
        Row(LocalFaults.Deleted) with { Sight = Sight.Either, KeepsAll = false },
        Row(LocalFaults.ReplacedByAFile),
        Row(LocalFaults.OpenToOthers).OnDemand(OnDemand.Alike),
        Row(LocalFaults.ReadOnly).OnDemand(OnDemand.Alike) with { Sight = Sight.Live },
        Row(LocalFaults.FilesGarbled) with { Sight = Sight.Either, KeepsAll = false },
        Row(ServerFaults.Deregistered) with { Sight = Sight.Either, KeepsAll = false },
        Row(CopyFaults.Killed) with { Sight = Sight.Live },
        Row(CopyFaults.Suspended) with { Sight = Sight.Either, IsAnswered = false },
        Row(CopyFaults.ClockStepped) with { Sight = Sight.Live },
        Row(ScaleFaults.WithManyServices(LocalFaults.ReplacedByAFile)),
        LeavingRows.Leaving(Row(LocalFaults.ReplacedByAFile)),
        LeavingRows.Leaving(Row(LocalFaults.Deleted) with { Sight = Sight.Either, KeepsAll = false }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(LocalFaults.OpenToOthers)).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(LocalFaults.ReadOnly) with { Sight = Sight.Live }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(LocalFaults.FilesGarbled) with { Sight = Sight.Either, KeepsAll = false }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ServerFaults.Deregistered) with { Sight = Sight.Either, KeepsAll = false }).OnDemand(OnDemand.Alike),
    ];

    private static Row Row(Fault fault) => new("Local", fault);
}
