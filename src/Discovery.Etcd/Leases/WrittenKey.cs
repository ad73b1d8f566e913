namespace Discovery.Etcd.Leases;

/// <summary>A key, and the lease that it was written under.</summary>
internal readonly record struct WrittenKey(string Key, long LeaseId);
