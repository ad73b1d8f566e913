namespace Discovery.Etcd.Leases;

/// <summary>
/// Where this process may have written an instance in layouts whose keys do not name it: what it leaves behind at a new address, or
/// under a new lease, is to be found by nobody else.
/// </summary>
internal sealed class WrittenKeys
{
    private readonly Dictionary<(string ServiceName, string Id), HashSet<WrittenKey>> _keys = [];
    private readonly Lock _gate = new();

    /// <summary>Notes keys that are about to be written.</summary>
    /// <returns>Those that were written earlier and are not among them.</returns>
    public IReadOnlyList<WrittenKey> Note((string ServiceName, string Id) identity, IReadOnlyList<WrittenKey> keys)
    {
        lock (_gate)
        {
            if (keys.Count == 0)
            {
                return [];
            }

            if (!_keys.TryGetValue(identity, out var all))
            {
                _keys[identity] = all = [];
            }

            all.UnionWith(keys);
            return [.. all.Where(earlier => !keys.Any(key => key.Key == earlier.Key))];
        }
    }

    /// <summary>All that is noted of an instance.</summary>
    public IReadOnlyList<WrittenKey> Of((string ServiceName, string Id) identity)
    {
        lock (_gate)
        {
            return _keys.TryGetValue(identity, out var keys) ? [.. keys] : [];
        }
    }

    /// <summary>Forgets keys that are gone.</summary>
    public void Forget((string ServiceName, string Id) identity, IEnumerable<WrittenKey> keys)
    {
        lock (_gate)
        {
            if (_keys.TryGetValue(identity, out var all))
            {
                all.ExceptWith(keys);
                if (all.Count == 0)
                {
                    _keys.Remove(identity);
                }
            }
        }
    }
}
