using Discovery.Etcd.Watching;
using Mvccpb;

namespace Discovery.Etcd.Leases;

/// <summary>Watches the key of one registration: what somebody else does to it is not to be found out by keeping the lease alive.</summary>
/// <remarks>It only raises suspicion; whether the key is ours is then asked of etcd itself.</remarks>
internal sealed class OwnKeyWatch(WatchStream watches) : IWatchObserver, IDisposable
{
    private readonly Lock _gate = new();
    private WatchSubscription? _subscription;
    private string? _key;
    private long _knownAt;
    private long _changedAt;
    private bool _isSuspect;
    private bool _isDisposed;

    /// <summary>Follows the key from the revision after the one at which it was known to be ours.</summary>
    public void Follow(string key, string permission, EntryState state)
    {
        WatchSubscription? left = null;
        lock (_gate)
        {
            _knownAt = state.Revision;
            if (key != _key)
            {
                (left, _subscription, _key) = (_subscription, null, key);
            }

            if (_subscription is null && !_isDisposed)
            {
                _subscription = watches.Subscribe(
                    new WatchSubscription(key, rangeEnd: null, state.Revision + 1, permission, this) { AskAfter = WatchLiveness.AskOwnKeysAfter });
            }
        }

        watches.Unsubscribe(left);
    }

    /// <summary>
    /// Whether the key may not be ours any more, or not say what we wrote last: whatever has happened to it since it was known is not
    /// of our doing, or it is a write that we had given up and that arrived late.
    /// </summary>
    public bool IsSuspect
    {
        get
        {
            lock (_gate)
            {
                return _isSuspect || _changedAt > _knownAt;
            }
        }
    }

    /// <summary>Takes the suspicion back, for whoever is about to look into it.</summary>
    public void Trust()
    {
        lock (_gate)
        {
            _isSuspect = false;
            _changedAt = 0;
        }
    }

    public void Suspect()
    {
        lock (_gate)
        {
            _isSuspect = true;
        }
    }

    public void OnEvents(IReadOnlyList<Event> events)
    {
        lock (_gate)
        {
            _changedAt = events[^1].Kv.ModRevision;
        }
    }

    public void Proceed()
    {
    }

    public void OnAlive()
    {
    }

    public void OnGap() => End();

    public void OnLost(RegistryException reason) => End();

    public void Dispose()
    {
        WatchSubscription? subscription;
        lock (_gate)
        {
            _isDisposed = true;
            subscription = _subscription;
            _subscription = null;
        }

        watches.Unsubscribe(subscription);
    }

    private void End()
    {
        lock (_gate)
        {
            _subscription = null;
            _isSuspect = true;
        }
    }
}
