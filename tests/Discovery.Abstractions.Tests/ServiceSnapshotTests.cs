using Microsoft.Extensions.Time.Testing;

namespace Discovery.Tests;

public sealed class ServiceSnapshotTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Age_WatchProvenAlive_StaysZero()
    {
        var snapshot = new ServiceSnapshot("orders", [], SnapshotSource.Live, 1, _time, confirmedAt: null);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, snapshot.Age);
    }

    [Fact]
    public void Age_LastConfirmedEarlier_GrowsWithTheClock()
    {
        var snapshot = new ServiceSnapshot("orders", [], SnapshotSource.Stale, 1, _time, _time.GetTimestamp());

        _time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(TimeSpan.FromSeconds(90), snapshot.Age);
    }

    [Fact]
    public void Age_ConfirmedBeforeTheProcessStarted_CountsFromThere()
    {
        var twoMinutesAgo = _time.GetTimestamp() - (120 * _time.TimestampFrequency);

        var snapshot = new ServiceSnapshot("orders", [], SnapshotSource.Disk, 1, _time, twoMinutesAgo);

        Assert.Equal(TimeSpan.FromMinutes(2), snapshot.Age);
    }
}
