namespace Discovery.Simulation.Scheduling;

/// <summary>Something that happens at its time unless it is cancelled before.</summary>
internal sealed class ScheduledEvent(Action run)
{
    public bool IsCancelled { get; private set; }

    public void Cancel() => IsCancelled = true;

    public void Run() => run();
}
