using System.Diagnostics.Metrics;

namespace Discovery.Local;

/// <summary>What the embedded registry counts, on the meter of the whole house.</summary>
internal static class LocalMetrics
{
    private static readonly Meter Instruments = new("Discovery.Hosting");

    /// <summary>Files with a lease's name that hold none, or that are not trusted.</summary>
    public static Counter<long> SkippedLeases { get; } =
        Instruments.CreateCounter<long>("discovery.local.leases.skipped", "{file}", "Lease files that could not be used.");
}
