using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>Many instances, and many services.</summary>
internal static class ScaleRows
{
    public static IEnumerable<Row> All =>
    [
        Expiry("Local"),
        Expiry("Consul"),
        Expiry("Etcd"),
        new("Consul", ScaleFaults.WithManyServices(ServerFaults.Killed)),
        new("Consul", ScaleFaults.WithManyServices(ServerFaults.Wiped)),
        new("Etcd", ScaleFaults.WithManyServices(ServerFaults.Killed)),
        new("Etcd cluster", ScaleFaults.WithManyServices(ServerFaults.Wiped)),
    ];

    // Calls may run out of attempts among a thousand dead ones; whoever looks is told all that the registry says.
    private static Row Expiry(string registry) => new(registry, ScaleFaults.ThousandExpire)
    {
        Sight = Sight.Either,
        IsAnswered = false,
        After = "live, the 1,000 gone",
    };
}
