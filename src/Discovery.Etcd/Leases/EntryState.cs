namespace Discovery.Etcd.Leases;

/// <summary>How etcd found, or left, the key of an instance.</summary>
/// <param name="Status">Whether it is there, and under the lease that was expected.</param>
/// <param name="LeaseId">The lease it stands under; 0 for none.</param>
/// <param name="Revision">The revision of the store at which that was so.</param>
/// <param name="WrittenAt">The revision at which what it says was written; 0 where it is not there.</param>
internal readonly record struct EntryState(LeaseStatus Status, long LeaseId, long Revision, long WrittenAt);
