using Discovery.Consul.Watching;

namespace Discovery.Consul.Tests.Watching;

public sealed class WatchSlotsTests
{
    [Fact]
    public void Wait_MoreWatchesThanSlots_IsShorterSoThatEachHasItsTurn()
    {
        using var slots = new WatchSlots();
        for (var i = 0; i < WatchSlots.Count; i++)
        {
            slots.Join();
        }

        Assert.Equal(WatchSlots.FullWait, slots.Wait);
        for (var i = 0; i < WatchSlots.Count; i++)
        {
            slots.Join();
        }

        Assert.Equal(WatchSlots.FullWait / 2, slots.Wait);
        for (var i = 0; i < WatchSlots.Count; i++)
        {
            slots.Leave();
        }

        Assert.Equal(WatchSlots.FullWait, slots.Wait);
    }
}
