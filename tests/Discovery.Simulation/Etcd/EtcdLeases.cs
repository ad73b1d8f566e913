using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Etcd;

/// <summary>etcd's leases. Only a leader ends one, and every new leader gives each its whole lifetime again.</summary>
/// <param name="clock">The clock.</param>
/// <param name="random">Numbers them, and decides when within half a second etcd looks.</param>
/// <param name="expired">Told of each that nobody has kept alive.</param>
internal sealed class EtcdLeases(SimulatedClock clock, Random random, Action<ModelLease> expired)
{
    /// <summary>What is asked for below it, etcd grants as this.</summary>
    private const long ShortestTtl = 2;

    /// <summary>How often etcd looks for leases that have run out.</summary>
    public static readonly TimeSpan Looking = TimeSpan.FromSeconds(0.5);

    private readonly List<ModelLease> _all = [];

    public IEnumerable<ModelLease> Standing => _all.Where(lease => lease.EndedAt == long.MaxValue);

    public ModelLease? Find(long id) => Standing.FirstOrDefault(lease => lease.Id == id);

    public ModelLease Grant(long ttl, long revision)
    {
        var lease = new ModelLease(random.NextInt64(1, long.MaxValue), Math.Max(ttl, ShortestTtl), revision);
        _all.Add(lease);
        Renew(lease);
        return lease;
    }

    public void Renew(ModelLease lease)
    {
        lease.Expiry?.Cancel();
        lease.Expiry = clock.Schedule(TimeSpan.FromSeconds(lease.Ttl) + (Looking * random.NextDouble()), () => expired(lease));
    }

    /// <summary>There is nobody to end any.</summary>
    public void Pause()
    {
        foreach (var lease in Standing)
        {
            lease.Expiry?.Cancel();
        }
    }

    /// <summary>There is a new leader.</summary>
    public void Promote()
    {
        foreach (var lease in Standing.ToArray())
        {
            Renew(lease);
        }
    }

    /// <summary>Those there were at a revision are there again, and no others.</summary>
    public void Restore(long revision)
    {
        Pause();
        _all.RemoveAll(lease => lease.GrantedAt > revision);
        foreach (var lease in _all)
        {
            lease.EndedAt = lease.EndedAt > revision ? long.MaxValue : lease.EndedAt;
        }
    }
}
