using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

internal sealed partial class LeasePool
{
    [LoggerMessage(3111, LogLevel.Debug, "etcd has granted the lease {LeaseId:x} of {Ttl} s.", EventName = "LeaseGranted")]
    private partial void LogGranted(long leaseId, long ttl);

    [LoggerMessage(EventId = 3112, EventName = "LeaseGone", Level = LogLevel.Warning,
        Message = "etcd does not know the lease {LeaseId:x} any more: it has expired, was revoked, or went with the cluster's data. What stood under it is registered anew; raise Ttl if it expires while the app runs.")]
    private partial void LogGone(long leaseId);
}
