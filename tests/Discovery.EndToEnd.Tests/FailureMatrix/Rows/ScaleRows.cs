using Discovery.EndToEnd.Tests.FailureMatrix.Faults;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests.FailureMatrix.Rows;

/// <summary>Many instances, and many services.</summary>
internal static class ScaleRows
{
    public static IEnumerable<Row> Instances =>
    [
        Expiry("Local"),
        Expiry("Consul") with { Start = ScaleFaults.StartCrowdedConsulAsync },
        Expiry("Etcd"),
    ];

    public static IEnumerable<Row> Services =>
    [
        new("Consul", ScaleFaults.WithManyServices(ServerFaults.Killed)) { Start = StartRoomyConsulAsync },
        new("Consul", ScaleFaults.WithManyServices(ServerFaults.Wiped)) { Start = StartRoomyConsulAsync, Bound = TimeSpan.FromSeconds(60) }, // one agent takes 200 at once
        new("Etcd", ScaleFaults.WithManyServices(ServerFaults.Killed)),
        new("Etcd cluster", ScaleFaults.WithManyServices(ServerFaults.Wiped)),
    ];

    // 200 connections, an agent's limit for one address, do for one app of this kind; here all are at one address.
    private static async Task<RegistryUnderTest> StartRoomyConsulAsync() => new ConsulUnderTest(await ConsulServer.StartAsync(
        new ConsulServerOptions { Configuration = """{"limits":{"http_max_conns_per_client":1000}}""" }, TestContext.Current.CancellationToken));

    // Calls may run out of attempts among a thousand dead ones; whoever looks is told all that the registry says.
    private static Row Expiry(string registry) => new(registry, ScaleFaults.ThousandExpire)
    {
        Sight = Sight.Either,
        IsAnswered = false,
        After = "live, the 1,000 gone",
    };
}
