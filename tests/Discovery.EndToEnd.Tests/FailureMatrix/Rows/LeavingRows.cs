using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>An app that is told to stop while its registry cannot be asked, or not well.</summary>
internal static class LeavingRows
{
    public const string After = "live, each once, the one that left gone";

    public static IEnumerable<Row> Of(string registry) => new[]
    {
        new Row(registry, ServerFaults.Killed),
        new Row(registry, ServerFaults.Wiped),
        new Row(registry, ServerFaults.Suspended) { Sight = Sight.Either },
        new Row(registry, NetworkFaults.BlackHoled) { Sight = Sight.Either },
        new Row(registry, NetworkFaults.HalfOpen) { Sight = Sight.Either },
        new Row(registry, NetworkFaults.Throttled) { Sight = Sight.Either, KeepsAll = false },
    }.Select(row => row with { Leaves = true, After = After });
}
