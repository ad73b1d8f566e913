namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>The system's clock, but for the time of day, which can be set as an operator or NTP would set it.</summary>
public sealed class SteppedClock : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    public void Step(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
