using Discovery.Etcd.Channels;
using Etcdserverpb;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Etcd.Watching;

/// <summary>One watch, across all the connections that it is resumed on.</summary>
/// <param name="key">The key, or the first of a range.</param>
/// <param name="rangeEnd">Where the range ends, or null for the one key.</param>
/// <param name="startRevision">The first revision whose events are wanted.</param>
/// <param name="permission">What a role must grant for it.</param>
/// <param name="observer">Who is told.</param>
internal sealed class WatchSubscription(string key, ByteString? rangeEnd, long startRevision, string permission, IWatchObserver observer)
{
    private long _nextRevision = startRevision;

    public IWatchObserver Observer => observer;

    /// <summary>The silence after which its stream is asked whether it still serves it.</summary>
    public TimeSpan AskAfter { get; init; } = WatchLiveness.AskAfter;

    public WatchCreateRequest CreateRequest() => new()
    {
        Key = ByteString.CopyFromUtf8(key),
        RangeEnd = rangeEnd ?? ByteString.Empty,
        StartRevision = _nextRevision,
        Fragment = true,
    };

    /// <summary>
    /// Whether the store is behind what this watch has seen of it: a member that lags, or a cluster that was wiped or restored.
    /// </summary>
    public bool IsAheadOf(ResponseHeader? header) => (header?.Revision ?? 0) < _nextRevision - 1;

    /// <summary>
    /// Passes events on. Only they move the point from which the watch is resumed: the revision in the header of a created watch
    /// may be ahead of events that are still on their way.
    /// </summary>
    public void Deliver(IReadOnlyList<Event> events)
    {
        if (events.Count > 0)
        {
            _nextRevision = Math.Max(_nextRevision, events[^1].Kv.ModRevision + 1);
            observer.OnEvents(events);
        }
    }

    public void Refuse(string reason, EtcdEndpoint endpoint) => observer.OnLost(EtcdErrors.Refused(reason, endpoint, $"watch {key}", permission));
}
