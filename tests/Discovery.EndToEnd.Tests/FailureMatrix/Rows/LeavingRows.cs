using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>An app that is told to stop while its registry cannot be asked, or not well.</summary>
internal static class LeavingRows
{
    public const string After = "live, each once, the one that left gone";

    public static IEnumerable<Row> Of(string registry) => new[]
    {
        new Row(registry, ServerFaults.Killed).OnDemandUnless(registry == "Consul"),
        new Row(registry, ServerFaults.Wiped).OnDemand(OnDemand.Alike),
        new Row(registry, ServerFaults.Suspended) { Sight = Sight.Either }.OnDemandUnless(registry == "Etcd"),
        new Row(registry, ServerFaults.RestoredFromBackup).OnDemand(OnDemand.Alike),
        new Row(registry, ServerFaults.Deregistered) { Sight = Sight.Either, KeepsAll = false }.OnDemand(OnDemand.Alike),
        new Row(registry, NetworkFaults.Dropped) { Sight = Sight.Either, KeepsAll = false }.OnDemand(OnDemand.Alike),
        new Row(registry, NetworkFaults.Refused).OnDemand(OnDemand.Alike),
        new Row(registry, NetworkFaults.Delayed) { Sight = Sight.Either, KeepsAll = false }.OnDemand(OnDemand.Alike),
        new Row(registry, NetworkFaults.Throttled) { Sight = Sight.Either, KeepsAll = false }.OnDemand(OnDemand.Alike),
        new Row(registry, NetworkFaults.BlackHoled) { Sight = Sight.Either }.OnDemandUnless(registry == "Consul"),
        new Row(registry, NetworkFaults.HalfOpen) { Sight = Sight.Either }.OnDemandUnless(registry == "Etcd"),
        new Row(registry, NetworkFaults.Truncated) { Sight = Sight.Either }.OnDemand(OnDemand.Alike),
        new Row(registry, NetworkFaults.Garbled) { Sight = Sight.Either }.OnDemand(OnDemand.Alike),
    }.Select(Leaving);

    /// <summary>The same, while a copy is told to stop.</summary>
    public static Row Leaving(Row row) => row with { Leaves = true, After = After };

    private static Row OnDemandUnless(this Row row, bool always) => always ? row : row.OnDemand(OnDemand.Elsewhere);
}
