namespace Discovery.Hosting.Lookup;

/// <summary>The writer's side of one tier, in no order, so that a removal moves one other instance only. Not thread-safe.</summary>
internal sealed class TierBuilder
{
    private readonly ChunkedListBuilder<InstanceEntry> _entries = new();
    private readonly List<InstanceSlot> _slots = [];
    private readonly EntryStatistics _statistics = new();

    public int Count => _slots.Count;

    /// <summary>How many are in a slow start.</summary>
    public int Starting => _statistics.Starting;

    public void Add(InstanceSlot slot)
    {
        slot.Index = _slots.Count;
        _slots.Add(slot);
        _entries.Add(slot.Entry);
        _statistics.Add(slot.Entry);
    }

    public void Replace(InstanceSlot slot, InstanceEntry entry)
    {
        _statistics.Remove(slot.Entry);
        slot.Entry = entry;
        _entries[slot.Index] = entry;
        _statistics.Add(entry);
    }

    public void Remove(InstanceSlot slot)
    {
        var last = _slots[^1];
        if (last != slot)
        {
            last.Index = slot.Index;
            _slots[slot.Index] = last;
            _entries[slot.Index] = last.Entry;
        }

        _slots.RemoveAt(_slots.Count - 1);
        _entries.RemoveLast();
        _statistics.Remove(slot.Entry);
    }

    public TierView Build() => new(_entries.Build(), _statistics.Http, _statistics.Https, _statistics.Weights);
}
