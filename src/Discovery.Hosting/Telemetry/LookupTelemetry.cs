using System.Diagnostics.Metrics;
using Discovery.Hosting.Lookup;

namespace Discovery.Hosting.Telemetry;

/// <summary>Has lookups counted, and what changes in them noted in the journal.</summary>
internal sealed class LookupTelemetry(LookupMetrics metrics, DiscoveryJournal journal) : ILookupObserver
{
    public Instrument Picks => metrics.Picks;

    public void WatchEstablished(string serviceName, bool isRestored)
    {
        metrics.WatchEstablished(serviceName, isRestored);
        if (isRestored)
        {
            journal.Add(new() { Kind = DiscoveryEventKind.WatchRestored, ServiceName = serviceName });
        }
    }

    public void WatchLost(string serviceName, string registry, RegistryErrorKind kind)
    {
        metrics.WatchLost(serviceName, registry, kind);
        journal.Add(new() { Kind = DiscoveryEventKind.WatchLost, ServiceName = serviceName, Registry = registry });
    }

    public void WatchEvicted(string serviceName) => metrics.WatchEvicted(serviceName);

    public void SourceChanged(string serviceName, SnapshotSource before, SnapshotSource now)
    {
        metrics.SourceChanged(serviceName, before, now);

        // That a service is known at all is no change of it.
        if (before is not SnapshotSource.None)
        {
            journal.Add(new() { Kind = DiscoveryEventKind.SourceChanged, ServiceName = serviceName, Source = now });
        }
    }

    public void InstancesChanged(string serviceName, InstanceChanges changes)
    {
        metrics.InstancesChanged(serviceName, changes);
        foreach (var change in changes.AsEvents(serviceName))
        {
            journal.Add(change);
        }
    }

    public void InstancesHeld(string serviceName, int count)
    {
        metrics.InstancesHeld(serviceName, count);
        journal.Add(new() { Kind = DiscoveryEventKind.InstancesHeld, ServiceName = serviceName, Count = count });
    }

    public void HeldInstanceDropped(string serviceName, bool refused) => metrics.HeldInstanceDropped(serviceName, refused);

    public void InstanceEjected(string serviceName, string instanceId, EjectionReason reason)
    {
        metrics.InstanceEjected(serviceName, instanceId, reason);
        journal.Add(new() { Kind = DiscoveryEventKind.InstanceEjected, ServiceName = serviceName, InstanceId = instanceId, Ejection = reason });
    }

    public void InstanceReadmitted(string serviceName, string instanceId)
    {
        metrics.InstanceReadmitted(serviceName, instanceId);
        journal.Add(new() { Kind = DiscoveryEventKind.InstanceReadmitted, ServiceName = serviceName, InstanceId = instanceId });
    }

    public void Picked(string serviceName, bool found) => metrics.Picked(serviceName, found);

    public void Retried(string serviceName) => metrics.Retried(serviceName);

    public void AttemptEnded(string serviceName, PickOutcome outcome) => metrics.AttemptEnded(serviceName, outcome);

    public void DiskCacheFailed() => metrics.DiskCacheFailed();
}
