namespace Discovery;

/// <summary>What has happened, see <see cref="DiscoveryEvent"/>.</summary>
public enum DiscoveryEventKind
{
    /// <summary>Instances of a watched service have joined it.</summary>
    InstanceJoined,

    /// <summary>Instances have left: they were taken out of the registry, have expired there, or, having been held, are proven dead.</summary>
    InstanceLeft,

    /// <summary>An instance says something else of its health.</summary>
    HealthChanged,

    /// <summary>An instance says something else of itself: its endpoints, version, zone, weight, tags or metadata.</summary>
    InstanceChanged,

    /// <summary>Instances are missing from the registry and nobody has seen them leave: they are kept until they are proven dead.</summary>
    InstancesHeld,

    /// <summary>An instance has failed this process, and is given no calls for a time.</summary>
    InstanceEjected,

    /// <summary>An ejected instance is given calls again.</summary>
    InstanceReadmitted,

    /// <summary>What is known of a service comes from elsewhere now: it has become stale, say, or live again.</summary>
    SourceChanged,

    /// <summary>The registry no longer answers for a service.</summary>
    WatchLost,

    /// <summary>The registry answers for a service again.</summary>
    WatchRestored,

    /// <summary>A registration of this app stands otherwise in a registry.</summary>
    RegistrationChanged,
}
