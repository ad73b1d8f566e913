using Discovery.Consul.Watching;

namespace Discovery.Consul.Tests.Watching;

public sealed class WatchSlotsTests
{
    [Theory]
    [InlineData(6, 4)]
    [InlineData(24, 16)]
    [InlineData(160, 152)]
    public void Count_OfConnections_LeavesSomeForBeats(int connections, int count)
    {
        using var slots = new WatchSlots(connections);

        Assert.Equal(count, slots.Count);
    }

    [Fact]
    public void Wait_MoreWatchesThanSlots_IsShorterSoThatEachHasItsTurn()
    {
        using var slots = new WatchSlots(24);
        Join(slots, 16);
        Assert.Equal(WatchSlots.FullWait, slots.Wait);

        Join(slots, 16);
        Assert.Equal(WatchSlots.Round / 2, slots.Wait);

        for (var i = 0; i < 16; i++)
        {
            slots.Leave();
        }

        Assert.Equal(WatchSlots.FullWait, slots.Wait);
    }

    [Fact]
    public void Wait_ThousandWatches_IsLongEnoughForAHundredQueriesASecond()
    {
        using var slots = new WatchSlots(24);
        Join(slots, 1000);

        Assert.Equal(0.16, slots.Wait.TotalSeconds, 3);
    }

    [Fact]
    public async Task Multiplex_MoreThanOnce_GivesEachSlotOnce()
    {
        using var slots = new WatchSlots(24);
        var waiting = Enumerable.Range(0, 200).Select(_ => slots.EnterAsync(TestContext.Current.CancellationToken)).ToList();
        Assert.Equal(16, waiting.Count(entered => entered.IsCompletedSuccessfully));

        slots.Multiplex();
        slots.Multiplex();

        await Task.WhenAll(waiting.Take(WatchSlots.MultiplexedCount)); // in the order in which they came
        Assert.All(waiting.Skip(WatchSlots.MultiplexedCount), late => Assert.False(late.IsCompleted));
        Assert.Equal(WatchSlots.MultiplexedCount, slots.Count);
    }

    private static void Join(WatchSlots slots, int count)
    {
        for (var i = 0; i < count; i++)
        {
            slots.Join();
        }
    }
}
