using Discovery.Etcd.Channels;
using Discovery.Etcd.Watching;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Leases;

/// <summary>The leases of the process: one for each lifetime and scope that are asked for, granted once however many ask.</summary>
internal sealed partial class LeasePool(EtcdClient client, KeepAliveStream stream, WatchStream watches, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<(long Seconds, string Scope), Task<SharedLease>> _leases = [];
    private readonly Lock _gate = new();

    /// <summary>A lease that etcd has just acknowledged, held for one registration.</summary>
    /// <param name="ttl">The lifetime.</param>
    /// <param name="scope">Whom it is shared with: empty for all, else those that ask with the same.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RegistryException">etcd granted none.</exception>
    public async Task<LeaseHold> AcquireAsync(TimeSpan ttl, string scope, CancellationToken cancellationToken)
    {
        var key = (Seconds: (long)Math.Ceiling(ttl.TotalSeconds), scope);
        while (true) // one that is gone, or takes nothing more, is closed: the next round has another
        {
            var lease = await GrantedAsync(key).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (await lease.KeepAliveAsync(counted: null, cancellationToken).ConfigureAwait(false) && lease.TryHold())
            {
                return new LeaseHold(lease);
            }
        }
    }

    private Task<SharedLease> GrantedAsync((long Seconds, string Scope) key)
    {
        lock (_gate)
        {
            // Nobody has kept one alive that takes nothing more: whether etcd still knows it is of no interest.
            if (!_leases.TryGetValue(key, out var granted) || granted is { IsFaulted: true } or { IsCompletedSuccessfully: true, Result.IsClosed: true })
            {
                _leases[key] = granted = GrantAsync(key.Seconds).ForWhoeverWaits();
            }

            return granted;
        }
    }

    private async Task<SharedLease> GrantAsync(long seconds)
    {
        var askedAt = time.GetTimestamp();
        // Nobody's token: it is for all who wait. The call has its own deadline.
        var response = await client.GrantAsync(seconds, CancellationToken.None).ConfigureAwait(false);
        LogGranted(response.ID, response.TTL);
        var ttl = TimeSpan.FromSeconds(response.TTL);
        return new SharedLease(response.ID, ttl, askedAt, id => KeepAliveAsync(id, ttl), time);
    }

    private async Task<TimeSpan> KeepAliveAsync(long leaseId, TimeSpan ttl)
    {
        var left = await stream.KeepAliveAsync(leaseId, ttl).ConfigureAwait(false);
        if (left <= TimeSpan.Zero)
        {
            LogGone(leaseId);
            watches.ListAgain(); // it may have gone with everything else: a cluster that was wiped and filled again looks like one that went on
        }

        return left;
    }
}
