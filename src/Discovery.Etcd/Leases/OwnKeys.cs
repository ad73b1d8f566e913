using System.Collections.Concurrent;

namespace Discovery.Etcd.Leases;

/// <summary>
/// Which registration of this process each key belongs to. Between processes the lease tells whose a key is; here all stand under the same one.
/// </summary>
internal sealed class OwnKeys
{
    private readonly ConcurrentDictionary<string, EtcdLease> _owners = new(StringComparer.Ordinal);

    /// <summary>Gives the key to a registration that has just written it. An earlier one has lost it.</summary>
    public void Take(string key, EtcdLease lease)
    {
        EtcdLease? before = null;
        _owners.AddOrUpdate(key, lease, (_, owner) =>
        {
            before = owner;
            return lease;
        });
        before?.Supersede();
    }

    /// <summary>Whoever has the key has lost it: the instance is written at another one.</summary>
    public void Supersede(string key)
    {
        if (_owners.TryRemove(key, out var owner))
        {
            owner.Supersede();
        }
    }

    public void Leave(string key, EtcdLease lease) => _owners.TryRemove(new(key, lease));
}
