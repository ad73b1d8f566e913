using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests;

public sealed class SharedMomentsTests
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Next_AskedAtAnyTime_EndsAtTheSameMomentForAll()
    {
        _time.Advance(SharedMoments.Next(Apart, _time));
        var last = _time.GetUtcNow();
        var moments = new HashSet<DateTimeOffset>();
        for (var i = 0; i < 5; i++)
        {
            moments.Add(_time.GetUtcNow() + SharedMoments.Next(Apart, _time));
            _time.Advance(TimeSpan.FromMilliseconds(999));
        }

        Assert.Equal([last + Apart], moments);
    }

    [Fact]
    public void Next_AskedAtAMoment_IsTheOneAfterIt()
    {
        _time.Advance(SharedMoments.Next(Apart, _time));

        Assert.Equal(Apart, SharedMoments.Next(Apart, _time));
    }

    [Fact]
    public void Next_AskedJustBeforeAMoment_IsThatOne()
    {
        _time.Advance(SharedMoments.Next(Apart, _time) - TimeSpan.FromMilliseconds(1));

        Assert.Equal(TimeSpan.FromMilliseconds(1), SharedMoments.Next(Apart, _time));
    }

    [Fact]
    public void Next_OfMomentsCloserThanTheClockTells_IsItsNextTick() =>
        Assert.Equal(TimeSpan.FromSeconds(1.0 / _time.TimestampFrequency), SharedMoments.Next(TimeSpan.Zero, _time));

    [Fact]
    public void Nearest_OfWhatIsDueHalfwayOrLater_IsTheLaterMoment()
    {
        _time.Advance(SharedMoments.Next(Apart, _time));

        Assert.Equal(
            [TimeSpan.Zero, TimeSpan.Zero, Apart, Apart, Apart],
            new[] { 0, 2.4, 2.5, 5, 7.4 }.Select(due => SharedMoments.Nearest(TimeSpan.FromSeconds(due), Apart, _time)));
    }
}
