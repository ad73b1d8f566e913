namespace Discovery.Consul.Leases;

/// <summary>
/// How often beats ask whether a registration is still ours: always, until a process holds so many that asking would
/// double its load on the agent; from then on each in its turn.
/// </summary>
internal sealed class OwnershipPacer(TimeProvider timeProvider)
{
    private const double PerSecond = 10;
    private const double Burst = 20;

    private readonly Lock _gate = new();
    private double _tokens = Burst;
    private long _filledAt = timeProvider.GetTimestamp();

    public bool TryTake()
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            _tokens = Math.Min(Burst, _tokens + (timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds * PerSecond));
            _filledAt = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
