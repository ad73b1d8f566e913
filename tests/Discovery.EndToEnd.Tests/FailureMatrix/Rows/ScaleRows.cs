using Discovery.EndToEnd.Tests.FailureMatrix.Faults;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>Many instances, and many services.</summary>
internal static class ScaleRows
{
    private static readonly Fault ManyKilled = ScaleFaults.WithManyServices(ServerFaults.Killed);
    private static readonly Fault ManyWiped = ScaleFaults.WithManyServices(ServerFaults.Wiped);

    public static IEnumerable<Row> Instances =>
    [
        Expiry("Local").OnDemand(OnDemand.Elsewhere),
        // An agent that is busy with a thousand expiries may take a beat only after a Ttl: then it says itself that the copy is critical.
        Expiry("Consul").OnDemand(OnDemand.Long) with { Start = ScaleFaults.StartCrowdedConsulAsync, KeepsAll = false },
        Expiry("Etcd"),
        LeavingRows.Leaving(Expiry("Etcd")).OnDemand(OnDemand.Alike) with { After = "live, the 1,000 and the one that left gone" },
    ];

    public static IEnumerable<Row> Services =>
    [
        new Row("Consul", ManyKilled).OnDemand(OnDemand.Long),
        new Row("Consul", ManyWiped) { Bound = TimeSpan.FromSeconds(60) }.OnDemand(OnDemand.Long), // one agent takes 200 at once
        new("Etcd", ManyKilled),
        new Row("Etcd cluster", ManyWiped).OnDemand(OnDemand.Elsewhere),
        LeavingRows.Leaving(new Row("Etcd", ManyKilled)).OnDemand(OnDemand.Alike),
    ];

    // Calls may run out of attempts among a thousand dead ones; whoever looks is told all that the registry says.
    private static Row Expiry(string registry) => new(registry, ScaleFaults.ThousandExpire)
    {
        Sight = Sight.Either,
        IsAnswered = false,
        After = "live, the 1,000 gone",
    };
}
