namespace Discovery.Hosting.Telemetry;

/// <summary>The last events of the process, for those who look on. Keeps a bounded number, and costs nothing while nothing changes.</summary>
internal sealed class DiscoveryJournal(TimeProvider time)
{
    public const int Capacity = 500;

    private readonly Queue<DiscoveryEvent> _events = new();
    private readonly Lock _gate = new();
    private long _last;

    /// <summary>Numbers an event, notes its time and keeps it.</summary>
    public void Add(DiscoveryEvent what)
    {
        lock (_gate)
        {
            if (_events.Count == Capacity)
            {
                _events.Dequeue();
            }

            _events.Enqueue(what with { Number = ++_last, At = time.GetUtcNow() });
        }
    }

    /// <summary>The events after that of a number, the oldest first.</summary>
    public IReadOnlyList<DiscoveryEvent> After(long number)
    {
        lock (_gate)
        {
            return number >= _last ? [] : [.. _events.Where(each => each.Number > number)];
        }
    }
}
