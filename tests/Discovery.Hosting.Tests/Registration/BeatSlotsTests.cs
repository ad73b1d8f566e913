using Discovery.Hosting.Registration;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Registration;

public sealed class BeatSlotsTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slot = Interval / 50;

    [Fact]
    public void First_OfManyRegistrations_FallsIntoFewMoments_SpreadOverTheSecondHalfOfTheInterval()
    {
        var time = new FakeTimeProvider();
        var random = new Random(20261125);
        var moments = new Dictionary<DateTimeOffset, int>();
        for (var i = 0; i < 1_000; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(random.Next(2)));
            var due = BeatSlots.First(Interval, random.NextDouble(), TimeSpan.Zero, time);
            Assert.InRange(due, (Interval / 2) - Slot, Interval);
            var moment = time.GetUtcNow() + due;
            moments[moment] = moments.GetValueOrDefault(moment) + 1;
        }

        Assert.InRange(moments.Count, 25, 35); // half an interval, and the half second that it took to make them
        Assert.True(moments.Values.Max() < 100, "The beats are not spread.");
    }

    [Fact]
    public void Nearest_OfARegistrationThatBeatsALittleLate_KeepsToItsMoments()
    {
        var time = new FakeTimeProvider();
        time.Advance(BeatSlots.Nearest(TimeSpan.FromSeconds(3.21), Interval, time));
        var first = time.GetUtcNow();
        for (var i = 1; i <= 100; i++)
        {
            var late = TimeSpan.FromMilliseconds(i % 40);
            time.Advance(late);
            time.Advance(BeatSlots.Nearest(Interval, Interval, time));
            Assert.Equal(first + (Interval * i), time.GetUtcNow());
        }
    }

    [Fact]
    public void Nearest_OfWhatIsOverdue_IsNow()
    {
        var time = new FakeTimeProvider();
        time.Advance(TimeSpan.FromMilliseconds(20)); // past a moment
        Assert.Equal(TimeSpan.Zero, BeatSlots.Nearest(TimeSpan.Zero, Interval, time));
    }
}
