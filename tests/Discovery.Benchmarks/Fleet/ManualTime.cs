namespace Discovery.Benchmarks.Fleet;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void MoveTo(TimeSpan since) => _ticks = since.Ticks;
}
