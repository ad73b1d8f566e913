using Discovery.Etcd.Watching;
using Etcdserverpb;
using Mvccpb;

namespace Discovery.Etcd.Tests.Watching;

public sealed class WatchTableTests
{
    private readonly WatchTable _table = new(_ => { });

    [Fact]
    public void AskAfter_OfOwnKeysAndAServiceAmongThem_IsThatOfTheMostImpatient()
    {
        var own = Subscription(WatchLiveness.AskOwnKeysAfter);
        var service = Subscription(WatchLiveness.AskAfter);

        _table.Create(own);
        Assert.Equal(WatchLiveness.AskOwnKeysAfter, _table.AskAfter);
        _table.Created(new WatchResponse { WatchId = 0, Created = true }, out _);
        Assert.Equal(WatchLiveness.AskOwnKeysAfter, _table.AskAfter);

        _table.Create(service); // not yet answered
        Assert.Equal(WatchLiveness.AskAfter, _table.AskAfter);
        _table.Created(new WatchResponse { WatchId = 1, Created = true }, out _);
        Assert.Equal(WatchLiveness.AskAfter, _table.AskAfter);

        _table.Remove(service);
        Assert.Equal(WatchLiveness.AskOwnKeysAfter, _table.AskAfter);
    }

    private static WatchSubscription Subscription(TimeSpan askAfter) => new("/key", rangeEnd: null, startRevision: 1, "read", new Deaf()) { AskAfter = askAfter };

    private sealed class Deaf : IWatchObserver
    {
        public void OnEvents(IReadOnlyList<Event> events)
        {
        }

        public void Proceed()
        {
        }

        public void OnAlive()
        {
        }

        public void OnGap()
        {
        }

        public void OnLost(RegistryException reason)
        {
        }
    }
}
