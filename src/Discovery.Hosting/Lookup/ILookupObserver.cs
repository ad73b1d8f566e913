using System.Diagnostics.Metrics;

namespace Discovery.Hosting.Lookup;

/// <summary>Is told what happens to lookups, for metrics and for those who look on. Called on the path of what happens: must be quick, and not throw.</summary>
internal interface ILookupObserver
{
    /// <param name="serviceName">The service.</param>
    /// <param name="isRestored">Whether the watch had been lost.</param>
    void WatchEstablished(string serviceName, bool isRestored);

    void WatchLost(string serviceName, string registry, RegistryErrorKind kind);

    void WatchEvicted(string serviceName);

    void SourceChanged(string serviceName, SnapshotSource before, SnapshotSource now);

    /// <summary>Instances have joined, left or changed. Not told of what a service is first known by.</summary>
    void InstancesChanged(string serviceName, InstanceChanges changes);

    /// <summary>Instances are no longer listed and not proven dead.</summary>
    void InstancesHeld(string serviceName, int count);

    /// <summary>A held instance was dropped: it refused a connection, or was held long enough.</summary>
    void HeldInstanceDropped(string serviceName, bool refused);

    /// <summary>An instance is given no calls for a time.</summary>
    void InstanceEjected(string serviceName, string instanceId, EjectionReason reason);

    /// <summary>An ejected instance is given calls again.</summary>
    void InstanceReadmitted(string serviceName, string instanceId);

    /// <summary>What <see cref="Picked"/> is counted by: while it is not enabled, callers need not tell. The same one for good.</summary>
    Instrument Picks { get; }

    /// <summary>An instance was picked for a call, or there was none to pick.</summary>
    void Picked(string serviceName, bool found);

    /// <summary>A request that an instance has failed is about to be sent to another.</summary>
    void Retried(string serviceName);

    /// <summary>One attempt of the HTTP handler has ended.</summary>
    void AttemptEnded(string serviceName, PickOutcome outcome);

    void DiskCacheFailed();
}
