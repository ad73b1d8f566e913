namespace Discovery.Hosting.Lookup;

/// <summary>The writer's side of one tier, in no order, so that a removal moves one other instance only. Not thread-safe.</summary>
internal sealed class TierBuilder
{
    private readonly ChunkedListBuilder<TierMember> _members = new();
    private readonly List<InstanceSlot> _slots = [];
    private readonly EntryStatistics _statistics = new();

    public int Count => _slots.Count;

    /// <summary>How many are in a slow start.</summary>
    public int Starting => _statistics.Starting;

    public void Add(InstanceSlot slot)
    {
        slot.Index = _slots.Count;
        _slots.Add(slot);
        _members.Add(TierMember.Of(slot.Entry));
        _statistics.Add(slot.Entry);
    }

    public void Replace(InstanceSlot slot, InstanceEntry entry)
    {
        _statistics.Remove(slot.Entry);
        slot.Entry = entry;
        _members[slot.Index] = TierMember.Of(entry);
        _statistics.Add(entry);
    }

    public void Remove(InstanceSlot slot)
    {
        var last = _slots[^1];
        if (last != slot)
        {
            last.Index = slot.Index;
            _slots[slot.Index] = last;
            _members[slot.Index] = TierMember.Of(last.Entry);
        }

        _slots.RemoveAt(_slots.Count - 1);
        _members.RemoveLast();
        _statistics.Remove(slot.Entry);
    }

    public TierView Build() => new(_members.Build(), _statistics.Http, _statistics.Https, _statistics.Weights);
}
