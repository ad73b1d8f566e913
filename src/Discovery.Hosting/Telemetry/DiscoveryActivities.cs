using System.Diagnostics;

namespace Discovery.Hosting.Telemetry;

/// <summary>The activity source <c>Discovery.Hosting</c>.</summary>
internal static class DiscoveryActivities
{
    public static ActivitySource Source { get; } = new(DiscoveryMetrics.MeterName);
}
