using Discovery.Consul.Watching;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Consul.Tests.Watching;

public sealed class QueryPacerTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(500, true, 20)] // small answers, each with something new
    [InlineData(2, false, 2)] // woken in vain: a service that does not exist in a churning catalog
    [InlineData(10_800_000, true, 0.63)] // 10,000 instances
    [InlineData(1_070_000, true, 4.9)]
    public void Due_QueryAfterQueryWithoutAnEnd_IsPacedToARate(int bytes, bool isFruitful, double perSecond)
    {
        var pacer = new QueryPacer(_time);
        for (var i = 0; i < 100; i++)
        {
            Query(pacer, bytes, isFruitful); // the burst
        }

        var start = _time.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            Query(pacer, bytes, isFruitful);
        }

        Assert.Equal(perSecond, 100 / _time.GetElapsedTime(start).TotalSeconds, perSecond * 0.05);
    }

    [Fact]
    public void Due_FirstQueries_AreNotHeldUp()
    {
        var pacer = new QueryPacer(_time);

        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(TimeSpan.Zero, pacer.Due());
            pacer.Charge(1_000, isFruitful: true);
        }
    }

    [Fact]
    public void Due_AfterAQuietWait_IsForgiven()
    {
        var pacer = new QueryPacer(_time);
        pacer.Charge(50_000_000, isFruitful: true);
        Assert.True(pacer.Due() > TimeSpan.Zero);

        _time.Advance(WatchSlots.FullWait);

        Assert.Equal(TimeSpan.Zero, pacer.Due());
    }

    [Fact]
    public async Task WaitAsync_InDebt_WaitsOnTheClockAndEndsWhenCancelled()
    {
        var pacer = new QueryPacer(_time);
        pacer.Charge(40_000_000, isFruitful: true);
        using var cancellation = new CancellationTokenSource();
        var waiting = pacer.WaitAsync(cancellation.Token);
        Assert.False(waiting.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var again = pacer.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(again.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(6));
        await again;
    }

    private void Query(QueryPacer pacer, int bytes, bool isFruitful)
    {
        _time.Advance(pacer.Due());
        pacer.Charge(bytes, isFruitful);
    }
}
