using System.Text;
using System.Text.Json;

namespace Discovery.Consul.Watching;

/// <summary>What a watch knows of its service. An entry that has not changed stays the same object, and costs nothing.</summary>
internal sealed class ServiceEntries(string serviceName, SkippedEntries skipped)
{
    private readonly Dictionary<byte[], KnownEntry> _known = new(EntryKeyComparer.Instance);
    private readonly Dictionary<string, KnownEntry> _byId = new(StringComparer.Ordinal);
    private int _answers;

    public string ServiceName => serviceName;

    /// <summary>How many instances there are.</summary>
    public int Count => _byId.Count;

    /// <summary>Forgets everything: what follows is read afresh, and its first report is complete.</summary>
    public void Clear()
    {
        _known.Clear();
        _byId.Clear();
        _answers = 0;
    }

    /// <summary>Takes a whole answer, and says what is new in it.</summary>
    /// <exception cref="JsonException">The answer is not a list, or one of more entries than a service has instances.</exception>
    public RegistryChange Apply(ReadOnlySpan<byte> list)
    {
        _answers++;
        var seen = 0;
        var count = 0;
        var upserts = new List<ServiceInstance>();
        var removedIds = new List<string>();
        var lookup = _known.GetAlternateLookup<ReadOnlySpan<byte>>();
        Span<byte> key = stackalloc byte[(2 * ScannedEntry.MaxNameLength) + 1];
        var scanner = new EntryScanner(list);
        while (scanner.MoveNext())
        {
            if (++count > InstanceLimits.MaxInstances)
            {
                throw new JsonException($"it has more than {InstanceLimits.MaxInstances} entries");
            }

            var entry = scanner.Current;
            if (!entry.IsUsable)
            {
                skipped.Add(serviceName, Encoding.UTF8.GetString(entry.Id[..Math.Min(entry.Id.Length, 64)]), "it has not the shape of an entry");
                continue;
            }

            var entryKey = WriteKey(key, entry);
            if (!lookup.TryGetValue(entryKey, out var known))
            {
                known = new KnownEntry(entryKey.ToArray());
                _known.Add(known.Key, known);
            }

            if (known.SeenIn != _answers)
            {
                known.SeenIn = _answers;
                seen++;
                Refresh(known, entry, upserts, removedIds);
            }
        }

        RemoveUnseen(seen, removedIds);
        return Report(upserts, removedIds);
    }

    private RegistryChange Report(List<ServiceInstance> upserts, List<string> removedIds) => _answers switch
    {
        1 => RegistryChange.Complete(upserts),
        _ when upserts.Count == 0 && removedIds.Count == 0 => RegistryChange.Confirmation,
        _ => RegistryChange.Delta(upserts, removedIds),
    };

    private static ReadOnlySpan<byte> WriteKey(Span<byte> key, in ScannedEntry entry)
    {
        entry.Node.CopyTo(key);
        key[entry.Node.Length] = 0; // in no JSON string as it stands, so that no two pairs share a key
        entry.Id.CopyTo(key[(entry.Node.Length + 1)..]);
        return key[..(entry.Node.Length + 1 + entry.Id.Length)];
    }

    private void Refresh(KnownEntry known, in ScannedEntry entry, List<ServiceInstance> upserts, List<string> removedIds)
    {
        var before = known.Instance;
        if (known.IsUnchanged(entry))
        {
            if (before is not null && known.Health != entry.Health)
            {
                known.Instance = before with { Health = entry.Health };
            }
        }
        else
        {
            known.Instance = Read(known, entry);
            known.ModifyIndex = entry.ModifyIndex;
            known.NodeAddress = entry.NodeAddress.ToArray();
        }

        known.Health = entry.Health;
        if (known.Instance is null)
        {
            Forget(before, removedIds);
        }
        else if (!ReferenceEquals(known.Instance, before))
        {
            Keep(known, before, upserts);
        }
    }

    // What was registered again with nothing new in it stays the same object.
    private void Keep(KnownEntry known, ServiceInstance? before, List<ServiceInstance> upserts)
    {
        if (known.Instance!.Equals(before))
        {
            known.Instance = before;
            return;
        }

        _byId[known.Instance.Id] = known;
        upserts.Add(known.Instance);
    }

    private ServiceInstance? Read(KnownEntry known, in ScannedEntry entry)
    {
        var (instance, fault) = InstanceReader.Read(entry, serviceName, Encoding.UTF8.GetString(entry.NodeAddress));
        if (instance is null)
        {
            skipped.Add(serviceName, Encoding.UTF8.GetString(entry.Id), fault!);
            return null;
        }

        // An ID is unique on its agent only. A second one has its node's name with it, and keeps that even when the first has gone: else it would be two.
        var isSecond = known.Instance is { } before ? before.Id != instance.Id : _byId.ContainsKey(instance.Id);
        return isSecond ? instance with { Id = $"{instance.Id}@{Encoding.UTF8.GetString(entry.Node)}" } : instance;
    }

    private void RemoveUnseen(int seen, List<string> removedIds)
    {
        if (seen == _known.Count)
        {
            return;
        }

        foreach (var gone in _known.Values.Where(known => known.SeenIn != _answers).ToList())
        {
            _known.Remove(gone.Key);
            Forget(gone.Instance, removedIds);
        }
    }

    private void Forget(ServiceInstance? instance, List<string> removedIds)
    {
        if (instance is not null)
        {
            _byId.Remove(instance.Id);
            removedIds.Add(instance.Id);
        }
    }
}
