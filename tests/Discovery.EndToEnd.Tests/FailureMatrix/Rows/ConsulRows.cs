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
        .. NetworkRows.Of("Consul"),
        Row(ConsulFaults.ConnectionsTaken) with { Start = StartSmallAsync, Sight = Sight.Either, KeepsAll = false },
    ];

    public static IEnumerable<Row> Answers => new[]
    {
        Row(ConsulFaults.Fails),
        Row(ConsulFaults.RateLimits),
        Row(ConsulFaults.Forbids),
        Row(ConsulFaults.TalksNonsense),
        Row(ConsulFaults.HangsInTheBody),
        Row(ConsulFaults.ListsNothing) with { Sight = Sight.Either },
        Row(ConsulFaults.GoesBackInTime) with { Sight = Sight.Either },
        Row(ConsulFaults.Fails) with { Leaves = true, After = LeavingRows.After },
    }.Select(row => row with { HasFront = true });

    public static IEnumerable<Row> Leaving => LeavingRows.Of("Consul");

    private static Row Row(Fault fault) => new("Consul", fault);

    private static async Task<RegistryUnderTest> StartSmallAsync() => new ConsulUnderTest(await ConsulServer.StartAsync(
        new ConsulServerOptions { Configuration = $$$"""{"limits":{"http_max_conns_per_client":{{{ConsulFaults.Connections}}}}}""" }, TestContext.Current.CancellationToken));
}
