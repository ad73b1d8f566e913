namespace Discovery.Hosting.Lookup;

/// <summary>What several registries say of each instance, by ID. One that has left them all is kept until none is believed any more that still lists it. Not thread-safe.</summary>
/// <param name="registries">The registries.</param>
/// <param name="touched">For each of them, the IDs of what has changed in it since it was last heard.</param>
/// <param name="time">The clock.</param>
internal sealed class MergedRoster(IReadOnlyList<RegistrySource> registries, IReadOnlyList<List<string>> touched, TimeProvider time)
{
    private readonly Dictionary<string, MergedInstance> _instances = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> _gone = new();
    private long _changes;

    public IReadOnlyCollection<string> Ids => _instances.Keys;

    public MergedInstance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>Takes in what a registry has changed.</summary>
    /// <inheritdoc cref="MergedInstances.Follow"/>
    /// <returns>The IDs of what has changed.</returns>
    public IReadOnlyCollection<string> Hear(RegistrySource registry, bool isNews)
    {
        Forget();
        var index = IndexOf(registry);
        var ids = touched[index].ToHashSet(StringComparer.Ordinal);
        touched[index].Clear();
        var change = isNews && ids.Count > 0 ? ++_changes : 0;
        foreach (var id in ids)
        {
            Hear(index, id, registry.Table.Find(id), change);
        }

        return ids;
    }

    private void Hear(int from, string id, InstanceSlot? slot, long change)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            if (slot is null)
            {
                return;
            }

            _instances[id] = instance = new(registries, time);
        }

        instance.Hear(from, slot, change);
        if (!instance.IsKnown)
        {
            _gone.Enqueue((id, time.GetTimestamp()));
        }
    }

    private void Forget()
    {
        while (_gone.TryPeek(out var gone) && time.GetElapsedTime(gone.At) >= MergedInstances.TimeToLeave)
        {
            _gone.Dequeue();
            if (Find(gone.Id) is { IsKnown: false, HasJustLeft: false })
            {
                _instances.Remove(gone.Id);
            }
        }
    }

    private int IndexOf(RegistrySource registry)
    {
        var index = 0;
        while (registries[index] != registry)
        {
            index++;
        }

        return index;
    }
}
