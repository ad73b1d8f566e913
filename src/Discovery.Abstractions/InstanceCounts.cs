using System.Runtime.InteropServices;

namespace Discovery;

/// <summary>How many instances of a service there were at a moment. Each is counted once, in the first of these groups, read from the bottom, that it is in.</summary>
/// <param name="At">Since when it was so.</param>
/// <param name="Healthy">Those that say they are healthy and are called.</param>
/// <param name="Degraded">Those that say they are degraded and may be called.</param>
/// <param name="Idle">Those of weight 0, which get no calls while others live.</param>
/// <param name="Ejected">Those that have failed this process and get no calls for a time.</param>
/// <param name="Held">Those that are missing from the registry and not proven dead.</param>
/// <param name="Unhealthy">Those that say they cannot serve.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct InstanceCounts(DateTimeOffset At, int Healthy, int Degraded, int Idle, int Ejected, int Held, int Unhealthy)
{
    /// <summary>All of them.</summary>
    public int Total => Healthy + Degraded + Idle + Ejected + Held + Unhealthy;
}
