namespace Discovery.Local.Leases;

/// <summary>A lease as read from its file.</summary>
internal sealed record Lease(ServiceInstance Instance, TimeSpan Ttl, long Counter);
