namespace Discovery.Etcd.Leases;

/// <summary>A registration's hold on the lease it stands under, let go of once.</summary>
internal sealed class LeaseHold(SharedLease lease)
{
    private int _isOver;
    private bool _wasLast;

    public SharedLease Lease => lease;

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
