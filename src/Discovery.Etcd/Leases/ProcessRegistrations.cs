using Discovery.Etcd.Watching;

namespace Discovery.Etcd.Leases;

/// <summary>What the registrations of one process share.</summary>
internal sealed record ProcessRegistrations(LeasePool Leases, WatchStream Watches)
{
    public OwnKeys OwnKeys { get; } = new();

    public WrittenKeys WrittenKeys { get; } = new();
}
