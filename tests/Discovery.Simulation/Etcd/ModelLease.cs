using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Etcd;

/// <summary>A lease that was granted.</summary>
/// <param name="Id">Its number, never given out twice.</param>
/// <param name="Ttl">What it has from each keep-alive on, in whole seconds.</param>
/// <param name="GrantedAt">The store's revision then.</param>
internal sealed record ModelLease(long Id, long Ttl, long GrantedAt)
{
    /// <summary>The store's revision when it ended.</summary>
    public long EndedAt { get; set; } = long.MaxValue;

    /// <summary>What ends it unless it is kept alive.</summary>
    public ScheduledEvent? Expiry { get; set; }

    public void End(long revision)
    {
        Expiry?.Cancel();
        EndedAt = revision;
    }
}
