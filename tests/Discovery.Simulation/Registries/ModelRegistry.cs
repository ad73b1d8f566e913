using Discovery.Simulation.Apps;
using Discovery.Simulation.Network;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Registries;

/// <summary>A registry as it is modelled: what stands in it, and what may happen to it. Each kind speaks a protocol of its own.</summary>
internal abstract class ModelRegistry(SimulatedClock clock, Trace trace)
{
    private readonly List<Link> _links = [];
    private readonly SortedList<string, SortedList<string, Standing>> _standing = new(StringComparer.Ordinal);

    public bool IsUp { get; private set; } = true;

    /// <summary>What stands in the registry, in the order of names and IDs.</summary>
    public IEnumerable<Standing> All => _standing.Values.SelectMany(service => service.Values);

    /// <summary>When the registrations of a service last changed in any way that a watch reports.</summary>
    public Dictionary<string, TimeSpan> ChangedAt { get; } = [];

    /// <summary>Hears of every registration as it arrives.</summary>
    public Action<Standing> Registered { get; set; } = static _ => { };

    /// <summary>Hears of every removal.</summary>
    public Action<Standing, Removal> Removed { get; set; } = static (_, _) => { };

    protected SimulatedClock Clock => clock;

    /// <summary>The registry as a process has it.</summary>
    public IServiceRegistry Connect(SimulatedProcess process)
    {
        _links.Add(process.Link);
        return CreateClient(process);
    }

    public Standing? Find(string service, string id) => _standing.GetValueOrDefault(service)?.GetValueOrDefault(id);

    public IList<Standing> Of(string service) => _standing.TryGetValue(service, out var standing) ? standing.Values : [];

    /// <summary>How long a watch may take to find out that nothing can be heard of the registry any more.</summary>
    public virtual TimeSpan Unheard(LinkState state) => state == LinkState.Silent ? TimeSpan.MaxValue : TimeSpan.FromSeconds(1);

    /// <summary>How many servers there are, each of which an attempt may ask once.</summary>
    public virtual int Members => 1;

    /// <summary>How long what a process asks for all its registrations may go on, though whoever waited for it has given up.</summary>
    public virtual TimeSpan Hanging => TimeSpan.Zero;

    /// <summary>How long after its Ttl the registry takes to see that nobody keeps a registration alive.</summary>
    public virtual TimeSpan Reaping => TimeSpan.Zero;

    /// <summary>Whether a process sends this in the name of its registrations, rather than to look others up.</summary>
    public abstract bool IsOwn(string request);

    /// <summary>Whether an instance that a process knows is what stands here, in all that the simulation ever changes.</summary>
    public static bool IsSame(Standing standing, ServiceInstance known) => standing.Instance is var there
        && there.Id == known.Id && there.Health == known.Health && there.Weight == known.Weight && there.Incarnation == known.Incarnation
        && there.Endpoints.SequenceEqual(known.Endpoints);

    /// <summary>Nothing is answered until it is up again; what stands outlives that.</summary>
    public void GoDown()
    {
        Note("goes down");
        IsUp = false;
        BreakAll();
        WentDown();
    }

    public void ComeUp()
    {
        Note("comes up");
        IsUp = true;
        Restarted();
    }

    /// <summary>Loses all it knows, and begins anew.</summary>
    public void Wipe()
    {
        Note("is wiped");
        BreakAll();
        foreach (var standing in All.ToArray())
        {
            Drop(standing, Removal.Wiped);
        }

        Wiped();
    }

    /// <summary>Somebody removes a registration by hand.</summary>
    public abstract void RemoveByHand(Standing standing);

    /// <summary>Something befalls it that befalls no other kind of registry.</summary>
    /// <returns>What ends it; null where it is over at once.</returns>
    public virtual Action? Trouble(Random random) => null;

    protected abstract IServiceRegistry CreateClient(SimulatedProcess process);

    /// <summary>Its data are gone; its counters begin at the beginning.</summary>
    protected virtual void Wiped()
    {
    }

    protected virtual void WentDown()
    {
    }

    protected virtual void Restarted()
    {
    }

    /// <exception cref="ServerDownException">It is down.</exception>
    protected void RequireUp()
    {
        if (!IsUp)
        {
            throw new ServerDownException();
        }
    }

    protected void Put(Standing standing)
    {
        if (!_standing.TryGetValue(standing.Service, out var service))
        {
            _standing[standing.Service] = service = new(StringComparer.Ordinal);
        }

        service[standing.Id] = standing;
        Changed(standing, "is registered");
        Registered(standing);
    }

    protected void Changed(Standing standing, string how)
    {
        ChangedAt[standing.Service] = clock.Now;
        Note($"{standing.Service}/{standing.Id} of {standing.Owner.Name} {how}, {standing.Instance.Health}");
    }

    protected void Drop(Standing standing, Removal removal)
    {
        standing.Expiry?.Cancel();
        if (_standing.TryGetValue(standing.Service, out var service) && service.Remove(standing.Id))
        {
            ChangedAt[standing.Service] = clock.Now;
            Note($"{standing.Service}/{standing.Id} of {standing.Owner.Name} is {removal}");
            Removed(standing, removal);
        }
    }

    protected void Note(string what) => trace.Add("registry", what);

    /// <summary>Breaks all connections of all processes.</summary>
    protected void BreakAll()
    {
        foreach (var link in _links)
        {
            link.Reset();
        }
    }
}
