using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>What a registry has said of a service, under the rule that absent is not dead. Not thread-safe.</summary>
internal sealed class KnownInstances(OutlierDetector detector, ICollection<string>? touched = null)
{
    private readonly InstanceTable _table = new(detector, touched);
    private readonly RecentDepartures _departures = new(detector.Time);

    public int Count => _table.Count;

    public int HeldCount => _table.HeldCount;

    public InstanceTable Table => _table;

    public InstanceSet Build() => _table.Build();

    public IReadOnlyList<ServiceInstance> Listed
    {
        get
        {
            var listed = new List<ServiceInstance>(_table.ListedCount);
            listed.AddRange(_table.Slots.Where(slot => slot.HeldAt is null).Select(slot => slot.Entry.Instance));
            return listed;
        }
    }

    /// <summary>Takes in what the registry reports.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Apply(RegistryChange change)
    {
        var (listed, held) = (_table.ListedCount, HeldCount);
        if (change.IsComplete)
        {
            _table.BeginListing();
        }

        var changed = Upsert(change.Upserts, joins: listed > 0);
        var leaving = change.IsComplete ? _table.Missing() : ListedAmong(change.RemovedIds);
        if (leaving.Count > 0)
        {
            Leave(leaving, _departures.IsBelieved(listed, held, leaving.Count, isDeletion: !change.IsComplete));
        }

        return changed || leaving.Count > 0;
    }

    /// <summary>Drops a held instance that is proven dead or was held long enough. One that is listed again stays.</summary>
    public bool Drop(string id)
    {
        if (_table.Find(id) is not { HeldAt: not null } slot)
        {
            return false;
        }

        _table.Remove(slot);
        return true;
    }

    private bool Upsert(IReadOnlyList<ServiceInstance> instances, bool joins)
    {
        var changed = false;
        for (var i = 0; i < instances.Count; i++)
        {
            if (instances[i] is { Endpoints.Count: > 0 } instance && instance.Endpoints.All(endpoint => endpoint.IsAbsoluteUri))
            {
                _departures.Return(instance.Id);
                changed |= _table.Upsert(instance, joins);
            }
        }

        return changed;
    }

    private List<InstanceSlot> ListedAmong(IReadOnlyList<string> ids)
    {
        var listed = new List<InstanceSlot>(ids.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            if (_table.Find(ids[i]) is { HeldAt: null } slot)
            {
                listed.Add(slot);
            }
        }

        return listed;
    }

    private void Leave(List<InstanceSlot> leaving, bool believed)
    {
        foreach (var slot in leaving)
        {
            if (believed)
            {
                _table.Remove(slot);
                _departures.Add(slot.Entry);
            }
            else
            {
                _table.Hold(slot.Entry);
            }
        }

        if (!believed)
        {
            foreach (var entry in _departures.TakeAll())
            {
                _table.Hold(entry);
            }
        }
    }
}
