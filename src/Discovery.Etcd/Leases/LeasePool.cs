using Discovery.Etcd.Channels;
using Discovery.Etcd.Watches;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

/// <summary>The leases of the process: one for each lifetime that is asked for, granted once however many ask.</summary>
internal sealed partial class LeasePool(EtcdClient client, KeepAliveStream stream, WatchStream watches, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<long, Task<SharedLease>> _leases = [];
    private readonly Lock _gate = new();

    /// <summary>A lease that etcd has just acknowledged, held for one registration.</summary>
    /// <exception cref="RegistryException">etcd granted none.</exception>
    public async Task<LeaseHold> AcquireAsync(TimeSpan ttl, CancellationToken cancellationToken)
    {
        var seconds = (long)Math.Ceiling(ttl.TotalSeconds);
        while (true)
        {
            var lease = await GrantedAsync(seconds).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (await lease.KeepAliveAsync(counted: null, cancellationToken).ConfigureAwait(false) && lease.TryHold())
            {
                return new LeaseHold(lease);
            }

            Forget(seconds, lease);
        }
    }

    private Task<SharedLease> GrantedAsync(long seconds)
    {
        lock (_gate)
        {
            if (!_leases.TryGetValue(seconds, out var granted) || granted.IsFaulted)
            {
                _leases[seconds] = granted = GrantAsync(seconds).ForWhoeverWaits();
            }

            return granted;
        }
    }

    private void Forget(long seconds, SharedLease lease)
    {
        lock (_gate)
        {
            if (_leases.TryGetValue(seconds, out var granted) && granted is { IsCompletedSuccessfully: true, Result: var current } && current == lease)
            {
                _leases.Remove(seconds);
            }
        }
    }

    private async Task<SharedLease> GrantAsync(long seconds)
    {
        var askedAt = time.GetTimestamp();
        // Nobody's token: it is for all who wait. The call has its own deadline.
        var response = await client.GrantAsync(seconds, CancellationToken.None).ConfigureAwait(false);
        LogGranted(response.ID, response.TTL);
        return new SharedLease(response.ID, TimeSpan.FromSeconds(response.TTL), askedAt, KeepAliveAsync, time);
    }

    private async Task<TimeSpan> KeepAliveAsync(long leaseId)
    {
        var left = await stream.KeepAliveAsync(leaseId).ConfigureAwait(false);
        if (left <= TimeSpan.Zero)
        {
            LogGone(leaseId);
            watches.ListAgain(); // it may have gone with everything else: a cluster that was wiped and filled again looks like one that went on
        }

        return left;
    }
}
