using Discovery.Benchmarks.Harness;

namespace Discovery.Benchmarks.Fleet;

/// <summary>
/// What a fleet asks of its registry: a model on a clock of its own, in which the waits are drawn and the queries paced by the code that apps run.
/// </summary>
internal static class FleetModel
{
    public const int Processes = 10_000;
    public const int WatchedServices = 20;
    public const int Services = 500;

    /// <summary>So large is a service where they share the processes evenly.</summary>
    public const int InstancesPerService = Processes / Services;

    public const int Watches = Processes * WatchedServices;

    public static Task RunAsync(Report report)
    {
        report.Line($"{Processes} processes, each registered once and watching {WatchedServices} of {Services} services of {InstancesPerService} instances.");
        report.Line("");
        AtRest.Tell(report);
        RollingDeploy.Tell(report);
        AfterOutage.Tell(report);
        return Task.CompletedTask;
    }
}
