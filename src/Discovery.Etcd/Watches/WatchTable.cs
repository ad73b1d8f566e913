using Etcdserverpb;

namespace Discovery.Etcd.Watches;

/// <summary>The watches on one connection: those that etcd has numbered, and those it has yet to.</summary>
/// <remarks>
/// etcd answers creates in their order, a refused one with the ID -1: the order is all that tells whose answer it is.
/// Not safe for concurrent use.
/// </remarks>
internal sealed class WatchTable
{
    private readonly Queue<WatchSubscription?> _creating = [];
    private readonly Dictionary<long, WatchSubscription> _byId = [];
    private readonly Dictionary<WatchSubscription, long> _ids = [];
    private readonly HashSet<WatchSubscription> _cancelled = [];

    public IReadOnlyCollection<WatchSubscription> Active => _byId.Values;

    public bool IsEmpty => _byId.Count == 0 && _creating.Count == 0;

    public void Creating(WatchSubscription subscription) => _creating.Enqueue(subscription);

    /// <summary>Notes a create that is nobody's watch and only wants an answer.</summary>
    public void Probing() => _creating.Enqueue(null);

    /// <summary>Takes the oldest create that was not answered yet.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="isWanted">False when it was cancelled meanwhile; it is then not in the table.</param>
    /// <returns>Whose it is, or null for a probe.</returns>
    public WatchSubscription? Created(WatchResponse response, out bool isWanted)
    {
        var subscription = _creating.Dequeue();
        isWanted = subscription is not null && !_cancelled.Remove(subscription);
        if (subscription is not null && isWanted && !response.Canceled)
        {
            _byId[response.WatchId] = subscription;
            _ids[subscription] = response.WatchId;
        }

        return subscription;
    }

    public WatchSubscription? Find(long watchId) => _byId.GetValueOrDefault(watchId);

    /// <summary>Takes a watch off the table.</summary>
    /// <returns>Its ID, or null where etcd has none for it yet; it is then cancelled as soon as there is one.</returns>
    public long? Remove(WatchSubscription subscription)
    {
        if (_ids.Remove(subscription, out var id))
        {
            _byId.Remove(id);
            return id;
        }

        if (_creating.Contains(subscription))
        {
            _cancelled.Add(subscription);
        }

        return null;
    }
}
