using Discovery.Simulation.Network;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Simulation.Etcd;

/// <summary>etcd's keys: every write has a revision of its own, and its history can be watched from any that was not compacted.</summary>
internal sealed class EtcdStore
{
    private readonly List<EtcdChange> _history = [];
    private readonly SortedDictionary<string, EtcdChange> _keys = new(StringComparer.Ordinal);

    /// <summary>Of the last write. An empty store has the revision 1.</summary>
    public long Revision { get; private set; } = 1;

    /// <summary>What was written before it cannot be watched any more.</summary>
    public long CompactedAt { get; private set; }

    public IReadOnlyCollection<EtcdChange> Entries => _keys.Values;

    public EtcdChange? Find(string key) => _keys.GetValueOrDefault(key);

    public IEnumerable<EtcdChange> Range(EtcdRange range) => _keys.Values.Where(entry => range.Contains(entry.Key));

    /// <summary>What was written from one revision up to another, both included, in its order.</summary>
    public IEnumerable<EtcdChange> Between(long first, long last)
    {
        var start = _history.Count;
        while (start > 0 && _history[start - 1].Revision >= first)
        {
            start--;
        }

        return _history.Skip(start).TakeWhile(change => change.Revision <= last);
    }

    public EtcdChange Put(ByteString key, ByteString value, long lease, Call call)
    {
        var former = Find(key.ToStringUtf8())?.Event.Kv;
        Revision++;
        return Write(new EtcdChange(
            new Event
            {
                Type = Event.Types.EventType.Put,
                Kv = new KeyValue
                {
                    Key = key,
                    Value = value,
                    Lease = lease,
                    ModRevision = Revision,
                    CreateRevision = former?.CreateRevision ?? Revision,
                    Version = (former?.Version ?? 0) + 1,
                },
            },
            call));
    }

    /// <summary>Deletes keys in one revision. Where there are none, that is no write.</summary>
    public void Delete(IReadOnlyList<EtcdChange> entries, Call call)
    {
        Revision += entries.Count > 0 ? 1 : 0;
        foreach (var entry in entries)
        {
            var gone = new KeyValue { Key = entry.Event.Kv.Key, ModRevision = Revision };
            Write(new EtcdChange(new Event { Type = Event.Types.EventType.Delete, Kv = gone }, call));
        }
    }

    public void Compact() => CompactedAt = Revision;

    /// <summary>Goes back to how it was at a revision, as a store does that is restored from a backup.</summary>
    public void Restore(long revision)
    {
        _history.RemoveAll(change => change.Revision > revision);
        _keys.Clear();
        foreach (var change in _history.ToArray())
        {
            Apply(change);
        }

        Revision = revision;
        CompactedAt = Math.Min(CompactedAt, revision);
    }

    private EtcdChange Write(EtcdChange change)
    {
        _history.Add(change);
        Apply(change);
        return change;
    }

    private void Apply(EtcdChange change)
    {
        if (change.IsDeletion)
        {
            _keys.Remove(change.Key);
        }
        else
        {
            _keys[change.Key] = change;
        }
    }
}
