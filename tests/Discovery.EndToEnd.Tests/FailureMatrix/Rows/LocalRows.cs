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
        Row(LocalFaults.OpenToOthers),
        Row(LocalFaults.ReadOnly) with { Sight = Sight.Live },
        Row(LocalFaults.FilesGarbled) with { Sight = Sight.Either, KeepsAll = false },
        Row(ServerFaults.Deregistered) with { Sight = Sight.Either, KeepsAll = false },
        Row(CopyFaults.Killed) with { Sight = Sight.Live },
        Row(CopyFaults.Suspended) with { Sight = Sight.Either, IsAnswered = false },
        Row(CopyFaults.ClockStepped) with { Sight = Sight.Live },
        Row(ScaleFaults.WithManyServices(LocalFaults.ReplacedByAFile)),
        Row(LocalFaults.ReplacedByAFile) with { Leaves = true, After = LeavingRows.After },
        Row(LocalFaults.OpenToOthers) with { Leaves = true, After = LeavingRows.After },
    ];

    private static Row Row(Fault fault) => new("Local", fault);
}
