using Discovery.EndToEnd.Tests.FailureMatrix.Faults;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

internal static class ConsulRows
{
    public static IEnumerable<Row> Server =>
    [
        .. ServerRows.Of("Consul"),
        .. ServerRows.OfCopies("Consul"),
        Row(DiskFaults.CacheFolderGone),
    ];

    public static IEnumerable<Row> Network =>
    [
        .. NetworkRows.Of("Consul", onDemand: [NetworkFaults.Dropped, NetworkFaults.Refused, NetworkFaults.Truncated]),
        OverLimit,
    ];

    public static IEnumerable<Row> Answers => new[]
    {
        Row(ConsulFaults.Fails),
        Row(ConsulFaults.RateLimits).OnDemand(OnDemand.Alike),
        Row(ConsulFaults.Forbids).OnDemand(OnDemand.Alike),
        Row(ConsulFaults.TalksNonsense),
        Row(ConsulFaults.HangsInTheBody),
        Row(ConsulFaults.ListsNothing) with { Sight = Sight.Either },
        Row(ConsulFaults.GoesBackInTime) with { Sight = Sight.Either },
        LeavingRows.Leaving(Row(ConsulFaults.Fails)),
        LeavingRows.Leaving(Row(ConsulFaults.RateLimits)).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ConsulFaults.Forbids)).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ConsulFaults.TalksNonsense)).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ConsulFaults.HangsInTheBody)).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ConsulFaults.ListsNothing) with { Sight = Sight.Either }).OnDemand(OnDemand.Alike),
        LeavingRows.Leaving(Row(ConsulFaults.GoesBackInTime) with { Sight = Sight.Either }).OnDemand(OnDemand.Alike),
    }.Select(row => row with { HasFront = true });

    public static IEnumerable<Row> Leaving => [.. LeavingRows.Of("Consul"), LeavingRows.Leaving(OverLimit).OnDemand(OnDemand.Alike)];

    private static Row OverLimit => Row(ConsulFaults.ConnectionsTaken) with { Start = StartSmallAsync, Sight = Sight.Either, KeepsAll = false };

    private static Row Row(Fault fault) => new("Consul", fault);

    private static async Task<RegistryUnderTest> StartSmallAsync() => new ConsulUnderTest(await ConsulServer.StartAsync(
        new ConsulServerOptions { Configuration = $$$"""{"limits":{"http_max_conns_per_client":{{{ConsulFaults.Connections}}}}}""" }, TestContext.Current.CancellationToken));
}
