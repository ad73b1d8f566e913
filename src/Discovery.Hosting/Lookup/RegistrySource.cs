using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>What one registry says of a service, and whether it still stands by it. Not thread-safe.</summary>
/// <param name="registry">The registry.</param>
/// <param name="detector">Of the service's outliers.</param>
/// <param name="touched">Is told the IDs of what changes, where this registry is one of several.</param>
internal sealed class RegistrySource(IServiceRegistry registry, OutlierDetector detector, ICollection<string>? touched = null) : IInstanceSource
{
    private readonly KnownInstances _known = new(detector, touched);
    private readonly TimeProvider _time = detector.Time;
    private DateTimeOffset _failingSince = detector.Time.GetUtcNow(); // while it has not answered: since when it is asked
    private string? _lastError;

    public IServiceRegistry Registry => registry;

    public InstanceTable Table => _known.Table;

    /// <summary>Whether the watch is proven alive.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Whether the registry was lost, or has not answered in time.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether the operator was told so.</summary>
    public bool IsReportedLost { get; set; }

    public bool HasAnswered { get; private set; }

    /// <summary>Whether it has ever named an instance: one that has not is no authority on there being none.</summary>
    public bool HasListed { get; private set; }

    /// <summary>When it was last heard, be it only to say that nothing has changed.</summary>
    public long ConfirmedAt { get; private set; } = detector.Time.GetTimestamp();

    public bool IsStoodBy => IsLive && Table.HeldCount == 0;

    public long? StoodByUntil => IsLive ? Table.HeldSince : ConfirmedAt;

    /// <summary>What has become of asking it for this service.</summary>
    public RegistryStatus Status => new()
    {
        Registry = registry.Description,
        LastAnswer = HasAnswered ? _time.GetUtcNow() - _time.GetElapsedTime(ConfirmedAt) : null,
        FailingSince = IsLive ? null : _failingSince,
        LastError = _lastError,
    };

    /// <summary>The instances to remember on disk, or null while the registry does not stand by all of them.</summary>
    public IReadOnlyList<ServiceInstance>? Rememberable => IsStoodBy ? _known.Listed : null;

    /// <summary>Begins with what was remembered from before this process was started.</summary>
    public void Seed(IReadOnlyList<ServiceInstance> instances, DateTimeOffset confirmedAt)
    {
        _known.Apply(RegistryChange.Complete(instances));
        var age = _time.GetUtcNow() - confirmedAt;
        ConfirmedAt = _time.GetTimestamp() - (long)(age.TotalSeconds * _time.TimestampFrequency);
    }

    /// <returns>Whether the instances have changed.</returns>
    public bool Apply(RegistryChange change)
    {
        var changed = _known.Apply(change);
        ConfirmedAt = _time.GetTimestamp();
        IsLive = HasAnswered = true;
        (IsLost, _lastError) = (false, null);
        HasListed |= Table.ListedCount > 0;
        return changed;
    }

    /// <param name="error">What asking it has ended with; null where it has only not answered in time.</param>
    public void Lose(string? error)
    {
        _failingSince = IsLive ? _time.GetUtcNow() : _failingSince;
        _lastError = error ?? _lastError;
        IsLive = false;
        IsLost = true;
    }

    public bool Drop(string id) => _known.Drop(id);
}
