namespace Discovery.Simulation.Scheduling;

/// <summary>The time of the simulated world, and what is to happen in it. Two events of one moment happen in the order they were scheduled.</summary>
internal sealed class SimulatedClock
{
    private readonly PriorityQueue<ScheduledEvent, (long At, long Order)> _events = new();
    private long _order;

    /// <summary>Since the beginning of the simulation.</summary>
    public TimeSpan Now { get; private set; }

    public ScheduledEvent Schedule(TimeSpan delay, Action run)
    {
        var scheduled = new ScheduledEvent(run);
        _events.Enqueue(scheduled, (Now.Ticks + Math.Max(0, delay.Ticks), _order++));
        return scheduled;
    }

    /// <summary>Takes the next event and moves to its time.</summary>
    /// <returns>Null where nothing happens until then; it is then that time.</returns>
    public ScheduledEvent? Next(TimeSpan until)
    {
        while (_events.TryPeek(out var scheduled, out var when) && when.At <= until.Ticks)
        {
            _events.Dequeue();
            if (!scheduled.IsCancelled)
            {
                Now = new TimeSpan(when.At);
                return scheduled;
            }
        }

        Now = until;
        return null;
    }
}
