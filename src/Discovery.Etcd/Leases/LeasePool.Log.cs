using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

internal sealed partial class LeasePool
{
    [LoggerMessage(3111, LogLevel.Debug, "etcd has granted the lease {LeaseId:x} of {Ttl} s.")]
    private partial void LogGranted(long leaseId, long ttl);

    [LoggerMessage(3112, LogLevel.Warning, "etcd does not know the lease {LeaseId:x} any more: it has expired, was revoked, or went with the cluster's data.")]
    private partial void LogGone(long leaseId);
}
