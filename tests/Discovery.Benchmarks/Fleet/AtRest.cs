using Discovery.Benchmarks.Harness;
using Discovery.Consul;
using Discovery.Consul.Watching;
using Discovery.Etcd.Watching;
using Discovery.Hosting.Registration;

namespace Discovery.Benchmarks.Fleet;

/// <summary>What goes on while nothing changes: it follows from the intervals.</summary>
internal static class AtRest
{
    // One instance as Consul's health endpoint lists it.
    private const int BytesPerInstance = 1_070;

    public static void Tell(Report report)
    {
        var beats = FleetModel.Processes / (new RegistrationOptions().Ttl / 3).TotalSeconds;
        using var slots = new WatchSlots(new ConsulOptions().MaxConnections);
        for (var i = 0; i < FleetModel.WatchedServices; i++)
        {
            slots.Join();
        }

        // Consul adds up to a sixteenth to each wait, evenly: the mean wait is longer by a thirty-second.
        var queries = FleetModel.Watches / (slots.Wait.TotalSeconds * (1 + (1.0 / 32)));
        report.Line("| at rest | a second |");
        report.Line("|---|--:|");
        report.Line($"| beats (Consul: check updates at the agents; etcd: lease keep-alives) | {beats:0} |");
        report.Line($"| Consul: blocking queries that end without news | {queries:0} |");
        report.Line($"| Consul: of lists, MB | {queries * FleetModel.InstancesPerService * BytesPerInstance / 1e6:0} |");
        report.Line($"| etcd: watch streams held | {FleetModel.Processes} |");
        report.Line($"| etcd: probes of quiet streams | {FleetModel.Processes / WatchLiveness.AskAfter.TotalSeconds:0} |");
        report.Line("");
    }
}
