namespace Discovery.Testing;

/// <summary>One registration and the timer that ends it; guarded by the store's lock.</summary>
internal sealed class InMemoryRegistration : IDisposable
{
    // Timers of the system fire by a coarser clock than timestamps are read from, and so a little early.
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(20);
    private readonly TimeSpan _ttl;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _extendedAt;

    public InMemoryRegistration(ServiceInstance instance, TimeSpan ttl, TimeProvider time, Action<InMemoryRegistration> expire)
    {
        Instance = instance;
        _ttl = ttl;
        _time = time;
        _extendedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => expire(this), null, ttl, Timeout.InfiniteTimeSpan);
    }

    public ServiceInstance Instance { get; set; }

    /// <summary>Who may extend and revoke it.</summary>
    public object Lease { get; } = new();

    /// <summary>False when it was extended just as its timer fired.</summary>
    public bool IsOverdue => _time.GetElapsedTime(_extendedAt) >= _ttl - TimerSlack;

    public void Extend()
    {
        _extendedAt = _time.GetTimestamp();
        _timer.Change(_ttl, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
