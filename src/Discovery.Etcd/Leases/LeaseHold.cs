namespace Discovery.Etcd.Leases;

/// <summary>A registration's hold on the lease it stands under, let go of once.</summary>
internal sealed class LeaseHold(SharedLease lease)
{
    private long _counted = lease.AcknowledgedAt;
    private int _isOver;
    private bool _wasLast;

    public SharedLease Lease => lease;

    /// <summary>Keeps the lease alive; a keep-alive of another registration serves this one as well, if it is newer than the last.</summary>
    /// <returns>False when etcd does not know it any more.</returns>
    public async Task<bool> KeepAliveAsync(CancellationToken cancellationToken)
    {
        var isAlive = await lease.KeepAliveAsync(_counted, cancellationToken).ConfigureAwait(false);
        _counted = lease.AcknowledgedAt;
        return isAlive;
    }

    /// <summary>Lets go: the key is gone, or another's.</summary>
    /// <returns>True when nothing stands under the lease any more.</returns>
    public bool Release() => TryEnd() && lease.Release();

    /// <summary>Lets go if this is the last hold, so that the lease may be revoked with the key. The answer stays the same.</summary>
    public bool TryReleaseLast()
    {
        if (!_wasLast && Volatile.Read(ref _isOver) == 0 && lease.TryReleaseLast())
        {
            _wasLast = true;
            TryEnd();
        }

        return _wasLast;
    }

    /// <summary>Lets go of a key that stands, or may stand, and is to expire.</summary>
    public void Abandon()
    {
        if (TryEnd())
        {
            lease.Abandon();
        }
    }

    private bool TryEnd() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
