namespace Discovery.Hosting.Lookup;

/// <summary>How readily an instance is picked, most readily first.</summary>
internal enum InstanceTier
{
    Healthy,
    Degraded,

    /// <summary>Of weight 0: none of the load while others live.</summary>
    Idle,

    /// <summary>No longer listed by the registry, and not proven dead.</summary>
    Held,

    /// <summary>It says itself that it cannot serve.</summary>
    Unhealthy,
}
