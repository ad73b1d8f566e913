using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Watching;

/// <summary>An entry as it was last seen, with the instance made of it.</summary>
internal sealed class KnownEntry(byte[] key)
{
    public byte[] Key { get; } = key;

    /// <summary>The instance, or null where the entry is of no use.</summary>
    public ServiceInstance? Instance { get; set; }

    public byte[] NodeAddress { get; set; } = [];

    public long ModifyIndex { get; set; }

    public HealthStatus Health { get; set; }

    /// <summary>The number of the answer it was last seen in.</summary>
    public int SeenIn { get; set; }

    public bool IsUnchanged(in ScannedEntry entry) => ModifyIndex == entry.ModifyIndex && entry.NodeAddress.SequenceEqual(NodeAddress);
}
