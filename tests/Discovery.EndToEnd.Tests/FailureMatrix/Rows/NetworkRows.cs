using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>What networks do, to whichever registry.</summary>
internal static class NetworkRows
{
    public static IEnumerable<Row> Of(string registry, params IReadOnlyCollection<Fault> onDemand) => new[]
    {
        new Row(registry, NetworkFaults.Dropped) { Sight = Sight.Either, KeepsAll = false },
        new Row(registry, NetworkFaults.Refused),
        new Row(registry, NetworkFaults.Delayed) { Sight = Sight.Either, KeepsAll = false },
        new Row(registry, NetworkFaults.Throttled) { Sight = Sight.Either, KeepsAll = false },
        new Row(registry, NetworkFaults.BlackHoled) { Sight = Sight.Either },
        new Row(registry, NetworkFaults.HalfOpen) { Sight = Sight.Either },
        new Row(registry, NetworkFaults.Truncated) { Sight = Sight.Either },
        new Row(registry, NetworkFaults.Garbled) { Sight = Sight.Either },
    }.Select(row => onDemand.Contains(row.Fault) ? row.OnDemand(OnDemand.Elsewhere) : row);
}
