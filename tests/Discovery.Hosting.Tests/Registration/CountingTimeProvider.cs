using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Registration;

/// <summary>
/// A fake clock that knows how many timers are set on it. A loop that has come to rest waits for at least one; a loop that
/// waits for none has something left to do on the thread pool, and the clock must not move on without it.
/// </summary>
internal sealed class CountingTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _active;

    public int ActiveTimers => Volatile.Read(ref _active);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this);
        timer.Set(dueTime);
        timer.Inner = base.CreateTimer(
            inner =>
            {
                timer.Set(period);
                callback(inner);
            },
            state, dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(CountingTimeProvider time) : ITimer
    {
        private int _isSet;

        public ITimer Inner { get; set; } = null!;

        public void Set(TimeSpan due)
        {
            var isSet = due == Timeout.InfiniteTimeSpan || due == TimeSpan.Zero ? 0 : 1;
            Interlocked.Add(ref time._active, isSet - Interlocked.Exchange(ref _isSet, isSet));
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Set(dueTime);
            return Inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            Set(Timeout.InfiniteTimeSpan);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
