using Etcdserverpb;
using Grpc.Core;

namespace Discovery.Etcd.Watching;

/// <summary>The watches on one connection: those that etcd has numbered, and those it has yet to. Safe for concurrent use.</summary>
/// <remarks>
/// etcd answers creates in their order, a refused one with the ID -1: the order is all that tells whose answer it is. So a
/// create is noted and sent as one.
/// </remarks>
/// <param name="send">Queues a request; does not wait.</param>
internal sealed class WatchTable(Action<WatchRequest> send)
{
    private readonly Lock _gate = new();
    private readonly Queue<WatchSubscription?> _creating = [];
    private readonly Dictionary<long, WatchSubscription> _byId = [];
    private readonly Dictionary<WatchSubscription, long> _ids = [];
    private readonly HashSet<WatchSubscription> _cancelled = [];

    public IReadOnlyList<WatchSubscription> Active
    {
        get
        {
            lock (_gate)
            {
                return [.. _byId.Values];
            }
        }
    }

    /// <summary>The silence after which the most impatient of its watches wants the stream asked.</summary>
    public TimeSpan AskAfter
    {
        get
        {
            lock (_gate)
            {
                return _byId.Values.Concat(_creating.OfType<WatchSubscription>()).Select(subscription => subscription.AskAfter).DefaultIfEmpty(WatchLiveness.AskAfter).Min();
            }
        }
    }

    public void Create(WatchSubscription subscription)
    {
        lock (_gate)
        {
            _creating.Enqueue(subscription);
            send(new WatchRequest { CreateRequest = subscription.CreateRequest() });
        }
    }

    /// <summary>Sends a create that is nobody's watch and only wants an answer.</summary>
    /// <returns>False when there is no watch on the connection that an answer would matter to.</returns>
    public bool TryProbe(WatchCreateRequest probe)
    {
        lock (_gate)
        {
            if (_byId.Count == 0 && _creating.Count == 0)
            {
                return false;
            }

            _creating.Enqueue(null);
            send(new WatchRequest { CreateRequest = probe });
            return true;
        }
    }

    /// <summary>Takes the oldest create that was not answered yet.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="isWanted">False when it was cancelled meanwhile; it is then not in the table.</param>
    /// <returns>Whose it is, or null for a probe.</returns>
    /// <exception cref="RpcException">No create is waiting for an answer.</exception>
    public WatchSubscription? Created(WatchResponse response, out bool isWanted)
    {
        lock (_gate)
        {
            if (!_creating.TryDequeue(out var subscription))
            {
                throw new RpcException(new Status(StatusCode.Internal, "etcd has answered more watches than it was asked for"));
            }

            isWanted = subscription is not null && !_cancelled.Remove(subscription);
            if (subscription is not null && isWanted && !response.Canceled)
            {
                _byId[response.WatchId] = subscription;
                _ids[subscription] = response.WatchId;
            }

            return subscription;
        }
    }

    public WatchSubscription? Find(long watchId)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(watchId);
        }
    }

    /// <summary>Takes a watch off the table.</summary>
    /// <returns>Its ID, or null where etcd has none for it yet; it is then cancelled as soon as there is one.</returns>
    public long? Remove(WatchSubscription subscription)
    {
        lock (_gate)
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
}
