using Discovery.Simulation.Network;
using Etcdserverpb;
using Mvccpb;

namespace Discovery.Simulation.Etcd;

/// <summary>A stream of watches as a member serves it. It answers creates in their order, a refused one with the ID -1.</summary>
internal sealed class EtcdWatchStream(EtcdCluster cluster, EtcdMember member, Pipe<WatchRequest, WatchResponse> pipe, string? token)
{
    private const long Refused = -1;

    private readonly SortedDictionary<long, Watcher> _watchers = [];
    private long _nextId;

    public void Handle(WatchRequest request)
    {
        if (request.CreateRequest is { } create)
        {
            Create(create);
        }
        else if (request.CancelRequest is { } cancel && _watchers.Remove(cancel.WatchId))
        {
            Send(new WatchResponse { WatchId = cancel.WatchId, Canceled = true });
        }
    }

    /// <summary>Sends what the member has heard of and the watches have not.</summary>
    public void Publish()
    {
        foreach (var (id, watcher) in _watchers.Where(watcher => watcher.Value.IsSynced).ToArray())
        {
            Publish(id, watcher);
        }
    }

    private void Create(WatchCreateRequest create)
    {
        if (cluster.Users.Refusal(token) is { } refusal)
        {
            Send(new WatchResponse { WatchId = Refused, Created = true, Canceled = true, CancelReason = refusal.Detail });
            return;
        }

        var id = _nextId++;
        var first = create.StartRevision == 0 ? member.Revision + 1 : create.StartRevision;
        var filters = create.Filters;
        var watcher = _watchers[id] = new Watcher(EtcdRange.Of(create.Key, create.RangeEnd), first)
        {
            IsSynced = first > member.Revision,
            SeesPuts = !filters.Contains(WatchCreateRequest.Types.FilterType.Noput),
            SeesDeletions = !filters.Contains(WatchCreateRequest.Types.FilterType.Nodelete),
            TakesFragments = create.Fragment,
        };
        Send(new WatchResponse { WatchId = id, Created = true });
        if (!watcher.IsSynced)
        {
            cluster.CatchUp(() => Sync(watcher));
        }
    }

    // A watch from a revision of the past is told what it missed some time after it was created, and nothing newer before that.
    private void Sync(Watcher watcher)
    {
        watcher.IsSynced = true;
        member.Publish();
    }

    private void Publish(long id, Watcher watcher)
    {
        if (watcher.Next < cluster.Store.CompactedAt)
        {
            _watchers.Remove(id);
            Send(new WatchResponse { WatchId = id, Canceled = true, CompactRevision = cluster.Store.CompactedAt });
            return;
        }

        var last = member.Revision;
        if (last < watcher.Next)
        {
            return;
        }

        Event[] events = [.. cluster.Store.Between(watcher.Next, last).Where(watcher.Wants).Select(change => change.Event)];
        watcher.Next = last + 1;
        var from = 0;
        if (events.Length > 1 && watcher.TakesFragments && cluster.Fragments())
        {
            from = events.Length / 2;
            Send(new WatchResponse { WatchId = id, Fragment = true, Events = { events[..from] } });
        }

        if (events.Length > 0)
        {
            Send(new WatchResponse { WatchId = id, Events = { events[from..] } });
        }
    }

    private void Send(WatchResponse response)
    {
        response.Header = cluster.Header(member);
        pipe.Reply(response, Say(response));
    }

    private static string Say(WatchResponse response) =>
        response.Created ? $"watch {response.WatchId} at {response.Header.Revision}"
        : response.CompactRevision > 0 ? $"watch {response.WatchId} compacted at {response.CompactRevision}"
        : response.Canceled ? $"watch {response.WatchId} ended" : $"watch {response.WatchId}: {response.Events.Count} events up to {response.Events[^1].Kv.ModRevision}";

    private sealed class Watcher(EtcdRange range, long next)
    {
        public long Next { get; set; } = next;

        /// <summary>Whether it is told of events as they happen.</summary>
        public bool IsSynced { get; set; }

        public bool SeesPuts { get; init; }

        public bool SeesDeletions { get; init; }

        public bool TakesFragments { get; init; }

        public bool Wants(EtcdChange change) => range.Contains(change.Key) && (change.IsDeletion ? SeesDeletions : SeesPuts);
    }
}
