namespace Discovery.Hosting.Lookup;

/// <summary>The writer's side of one tier, in no order, so that a removal moves one other instance only. Not thread-safe.</summary>
internal sealed class TierBuilder
{
    private readonly ChunkedListBuilder<InstanceEntry> _entries = new();
    private readonly List<InstanceSlot> _slots = [];
    private int _http;
    private int _https;

    public int Count => _slots.Count;

    public IReadOnlyList<InstanceSlot> Slots => _slots;

    public void Add(InstanceSlot slot)
    {
        slot.Index = _slots.Count;
        _slots.Add(slot);
        _entries.Add(slot.Entry);
        CountSchemes(slot.Entry, 1);
    }

    public void Replace(InstanceSlot slot, InstanceEntry entry)
    {
        CountSchemes(slot.Entry, -1);
        slot.Entry = entry;
        _entries[slot.Index] = entry;
        CountSchemes(entry, 1);
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
        CountSchemes(slot.Entry, -1);
    }

    public TierView Build() => new(_entries.Build(), _http, _https);

    private void CountSchemes(InstanceEntry entry, int change)
    {
        _http += entry.Find("http") is null ? 0 : change;
        _https += entry.Find("https") is null ? 0 : change;
    }
}
