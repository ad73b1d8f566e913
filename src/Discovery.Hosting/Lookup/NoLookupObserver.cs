namespace Discovery.Hosting.Lookup;

/// <summary>Nobody watches.</summary>
internal sealed class NoLookupObserver : ILookupObserver
{
    public bool HearsPicks => false;

    public void WatchEstablished(string serviceName, bool isRestored)
    {
    }

    public void WatchLost(string serviceName, string registry, RegistryErrorKind kind)
    {
    }

    public void WatchEvicted(string serviceName)
    {
    }

    public void SourceChanged(string serviceName, SnapshotSource before, SnapshotSource now)
    {
    }

    public void InstancesChanged(string serviceName, InstanceChanges changes)
    {
    }

    public void InstancesHeld(string serviceName, int count)
    {
    }

    public void HeldInstanceDropped(string serviceName, bool refused)
    {
    }

    public void InstanceEjected(string serviceName, string instanceId, EjectionReason reason)
    {
    }

    public void InstanceReadmitted(string serviceName, string instanceId)
    {
    }

    public void Picked(string serviceName, bool found)
    {
    }

    public void Retried(string serviceName)
    {
    }

    public void AttemptEnded(string serviceName, PickOutcome outcome)
    {
    }

    public void DiskCacheFailed()
    {
    }
}
