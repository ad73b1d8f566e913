using Discovery.Etcd.Watching;

namespace Discovery.Etcd.Leases;

/// <summary>Watches all the keys of one registration.</summary>
internal sealed class OwnKeyWatches(WatchStream stream) : IDisposable
{
    private OwnKeyWatch[] _watches = [];
    private bool _isDisposed;

    /// <summary>Whether one of the keys may not be as we left it.</summary>
    public bool IsSuspect => _watches.Any(watch => watch.IsSuspect);

    /// <summary>Follows the keys from the revision after the one at which they were known to be ours.</summary>
    public void Follow(IReadOnlyList<string> keys, string permission, EntryState state)
    {
        if (_isDisposed)
        {
            return;
        }

        if (_watches.Length == 0)
        {
            _watches = [.. keys.Select(_ => new OwnKeyWatch(stream))];
        }

        foreach (var (watch, key) in _watches.Zip(keys))
        {
            watch.Follow(key, permission, state);
        }
    }

    /// <summary>Takes the suspicion back, for whoever is about to look into it.</summary>
    public void Trust() => Array.ForEach(_watches, watch => watch.Trust());

    public void Suspect() => Array.ForEach(_watches, watch => watch.Suspect());

    public void Dispose()
    {
        _isDisposed = true;
        Array.ForEach(_watches, watch => watch.Dispose());
    }
}
