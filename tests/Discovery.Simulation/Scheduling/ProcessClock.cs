namespace Discovery.Simulation.Scheduling;

/// <summary>The clock of one simulated process. While the process is suspended nothing reaches it; what was due comes all at once afterwards.</summary>
internal sealed class ProcessClock(SimulatedClock world) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Action> _held = [];
    private TimeSpan _step;

    public int ActiveTimers { get; private set; }

    public bool IsSuspended { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => world.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + world.Now + _step;

    /// <summary>Somebody sets the wall clock. Timers do not go by it.</summary>
    public void StepWallClock(TimeSpan by) => _step += by;

    public void Suspend() => IsSuspended = true;

    public void Resume()
    {
        IsSuspended = false;
        foreach (var held in _held)
        {
            world.Schedule(TimeSpan.Zero, () => Deliver(held));
        }

        _held.Clear();
    }

    /// <summary>Lets something reach the process, now or when it is no longer suspended.</summary>
    public void Deliver(Action action)
    {
        if (IsSuspended)
        {
            _held.Add(action);
        }
        else
        {
            action();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ProcessClock clock, TimerCallback callback, object? state) : ITimer
    {
        private ScheduledEvent? _next;
        private TimeSpan _period;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            Stop();
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Set(dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            Stop();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Set(TimeSpan due)
        {
            clock.ActiveTimers++;
            ScheduledEvent next = null!;
            next = clock.World.Schedule(due, () => clock.Deliver(() => Fire(next)));
            _next = next;
        }

        private void Stop()
        {
            if (_next is not null)
            {
                clock.ActiveTimers--;
                _next.Cancel();
                _next = null;
            }
        }

        private void Fire(ScheduledEvent due)
        {
            if (due != _next)
            {
                return; // changed or disposed of while it waited for the process
            }

            Stop();
            if (_period > TimeSpan.Zero)
            {
                Set(_period);
            }

            callback(state);
        }
    }

    private SimulatedClock World => world;
}
