using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Etcd.Tests.Channels;

/// <summary>A clock that stands, and remembers which timers were set on it.</summary>
internal sealed class RecordedTimers : FakeTimeProvider
{
    private ImmutableList<TimeSpan> _due = [];

    /// <summary>When each timer was to go off, from its creation on.</summary>
    public ImmutableList<TimeSpan> Due => Volatile.Read(ref _due);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        ImmutableInterlocked.Update(ref _due, static (list, due) => list.Add(due), dueTime);
        return timer;
    }
}
