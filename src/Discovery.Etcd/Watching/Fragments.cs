using Discovery.Etcd.Channels;
using Etcdserverpb;
using Google.Protobuf.Collections;
using Grpc.Core;
using Mvccpb;

namespace Discovery.Etcd.Watching;

/// <summary>Puts together what etcd sends in pieces because one message would be too large for it.</summary>
internal sealed class Fragments
{
    // As much as may come in one message.
    private const int MaxBytes = NetworkChannel.MaxReceiveBytes;

    private readonly Dictionary<long, List<Event>> _partial = [];
    private long _bytes;

    /// <summary>The events of a response with those of the pieces before it, or null while pieces are missing.</summary>
    /// <exception cref="RpcException">They are not events as etcd sends them, or more than anybody is to hold.</exception>
    public IReadOnlyList<Event>? Assemble(WatchResponse response)
    {
        if (!AreEvents(response.Events))
        {
            throw new RpcException(new Status(StatusCode.Internal, "a watch event names no key or no revision"));
        }

        if (!response.Fragment && !_partial.ContainsKey(response.WatchId))
        {
            return response.Events;
        }

        if (!_partial.TryGetValue(response.WatchId, out var events))
        {
            _partial[response.WatchId] = events = [];
        }

        events.AddRange(response.Events);
        _bytes += response.CalculateSize();
        if (_bytes > MaxBytes)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"the pieces of watch events take more than {MaxBytes} bytes"));
        }

        if (response.Fragment)
        {
            return null;
        }

        Forget(response.WatchId);
        return events;
    }

    public void Forget(long watchId)
    {
        _partial.Remove(watchId);
        _bytes = _partial.Count == 0 ? 0 : _bytes;
    }

    private static bool AreEvents(RepeatedField<Event> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (!IsEvent(events[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsEvent(Event change) => change is { Kv: { Key.Length: > 0, ModRevision: > 0 and < long.MaxValue } };
}
