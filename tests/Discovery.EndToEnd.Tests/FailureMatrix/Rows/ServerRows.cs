using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>What becomes of the server of a registry, of what it holds, and of the copies registered there, whichever it is.</summary>
internal static class ServerRows
{
    public const string AfterADeath = "live, each once, the dead one gone";

    public static IEnumerable<Row> Of(string registry) =>
    [
        new Row(registry, ServerFaults.Killed),
        new Row(registry, ServerFaults.Wiped),
        new Row(registry, ServerFaults.Suspended) { Sight = Sight.Either },
        new Row(registry, ServerFaults.RestoredFromBackup),
        new Row(registry, ServerFaults.WipedAndPast) { After = AfterADeath },
    ];

    public static IEnumerable<Row> OfCopies(string registry) => new[]
    {
        new Row(registry, ServerFaults.Deregistered) { Sight = Sight.Either, KeepsAll = false },
        new Row(registry, CopyFaults.Killed) { Sight = Sight.Either },
        new Row(registry, CopyFaults.Suspended) { Sight = Sight.Either, IsAnswered = false },
        new Row(registry, CopyFaults.ClockStepped) { Sight = Sight.Live },
    }.Select(row => row.OnDemand(OnDemand.Elsewhere)); // with Local
}
