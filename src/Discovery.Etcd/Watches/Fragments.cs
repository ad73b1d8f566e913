using Etcdserverpb;
using Mvccpb;

namespace Discovery.Etcd.Watches;

/// <summary>Puts together what etcd sends in pieces because one message would be too large for it.</summary>
internal sealed class Fragments
{
    private readonly Dictionary<long, List<Event>> _partial = [];

    /// <summary>The events of a response with those of the pieces before it, or null while pieces are missing.</summary>
    public IReadOnlyList<Event>? Assemble(WatchResponse response)
    {
        if (!response.Fragment && !_partial.ContainsKey(response.WatchId))
        {
            return response.Events;
        }

        if (!_partial.TryGetValue(response.WatchId, out var events))
        {
            _partial[response.WatchId] = events = [];
        }

        events.AddRange(response.Events);
        return !response.Fragment && _partial.Remove(response.WatchId) ? events : null;
    }

    public void Forget(long watchId) => _partial.Remove(watchId);
}
