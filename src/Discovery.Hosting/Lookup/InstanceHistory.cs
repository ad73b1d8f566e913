namespace Discovery.Hosting.Lookup;

/// <summary>How many instances a service has had lately. Bounded, and written only when that changes. Not thread-safe.</summary>
internal sealed class InstanceHistory(TimeProvider time)
{
    public const int Capacity = 240;
    public static readonly TimeSpan Resolution = TimeSpan.FromSeconds(1);

    private readonly List<InstanceCounts> _points = [];

    public InstanceCounts Last => _points.Count == 0 ? default(InstanceCounts) with { At = time.GetUtcNow() } : _points[^1];

    public IReadOnlyList<InstanceCounts> Points => [.. _points];

    public void Note(InstanceSet set)
    {
        var now = Count(set);
        if (_points.Count > 0 && _points[^1] with { At = now.At } == now)
        {
            return;
        }

        // Of changes that follow one another closely the last counts.
        if (_points.Count > 0 && now.At - _points[^1].At < Resolution)
        {
            _points[^1] = now with { At = _points[^1].At };
            return;
        }

        if (_points.Count == Capacity)
        {
            _points.RemoveAt(0);
        }

        _points.Add(now);
    }

    private InstanceCounts Count(InstanceSet set) => new(
        time.GetUtcNow(),
        set[InstanceTier.HealthyNear].Count + set[InstanceTier.Healthy].Count,
        set[InstanceTier.DegradedNear].Count + set[InstanceTier.Degraded].Count,
        set[InstanceTier.Idle].Count,
        set[InstanceTier.Ejected].Count,
        set[InstanceTier.Held].Count,
        set[InstanceTier.Unhealthy].Count);
}
