using Discovery.Local.Files;
using Discovery.Local.Leases;

namespace Discovery.Local.Watching;

/// <summary>What is known of one file of the folder.</summary>
internal sealed class LeaseEntry
{
    public FileStamp Stamp { get; set; }

    /// <summary>What the file held when it was last read; null when that was no lease.</summary>
    public Lease? Lease { get; set; }

    /// <summary>When the counter was last seen to move, or was first seen.</summary>
    public long MovedAt { get; set; }

    /// <summary>What callers see of it: null when its owner is gone, stopped for longer than its Ttl, or it holds no lease.</summary>
    public ServiceInstance? Visible { get; set; }

    /// <summary>Whether it was reported as no lease, which is done once.</summary>
    public bool IsReported { get; set; }
}
