namespace Discovery.Hosting.Lookup;

/// <summary>How readily an instance is picked, most readily first.</summary>
internal enum InstanceTier
{
    /// <summary>Healthy, and in the caller's own zone.</summary>
    HealthyNear,

    Healthy,

    /// <summary>Degraded, and in the caller's own zone.</summary>
    DegradedNear,

    Degraded,

    /// <summary>Given no calls for a time, because it has failed this caller.</summary>
    Ejected,

    /// <summary>Of weight 0: none of the load while others live.</summary>
    Idle,

    /// <summary>No longer listed by the registry, and not proven dead.</summary>
    Held,

    /// <summary>It says itself that it cannot serve.</summary>
    Unhealthy,
}
