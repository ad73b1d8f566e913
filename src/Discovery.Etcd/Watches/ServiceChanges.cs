using System.Threading.Channels;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Etcd.Watches;

/// <summary>What a watch has brought and its reader has not taken yet: the last event of each key, however slow the reader.</summary>
internal sealed class ServiceChanges : IWatchObserver
{
    // Beyond it, listing again takes less than what waits here.
    private const int MaxPending = 200_000;

    private const int MaxKept = 100;

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private Dictionary<ByteString, Event> _pending = [];
    private Dictionary<ByteString, Event> _taken = []; // the reader's, until it takes again
    private RegistryException? _lost;
    private bool _hasGap;

    public void OnEvents(IReadOnlyList<Event> events)
    {
        lock (_gate)
        {
            for (var i = 0; i < events.Count; i++)
            {
                _pending[events[i].Kv.Key] = events[i];
            }

            if (_pending.Count > MaxPending)
            {
                _pending = [];
                _hasGap = true;
            }
        }

        _signal.Writer.TryWrite(true);
    }

    public void OnAlive() => _signal.Writer.TryWrite(true);

    public void OnGap()
    {
        lock (_gate)
        {
            _hasGap = true;
        }

        _signal.Writer.TryWrite(true);
    }

    public void OnLost(RegistryException reason)
    {
        lock (_gate)
        {
            _lost = reason;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Waits for changes, or for the word that there are none.</summary>
    /// <returns>The changes, to be read before the next are taken; or null where events may be missing and the service must be listed again.</returns>
    /// <exception cref="RegistryException">The watch was lost.</exception>
    public async Task<IReadOnlyCollection<Event>?> TakeAsync(CancellationToken cancellationToken)
    {
        await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_pending.Count == 0 && _lost is not null)
            {
                throw _lost;
            }

            if (_lost is not null)
            {
                _signal.Writer.TryWrite(true); // for the next time
            }

            // Most often there is one change at a time: the two take turns rather than being made anew for each, and what a flood has left is let go of.
            var free = _taken.Count <= MaxKept ? _taken : [];
            free.Clear();
            (_taken, _pending) = (_pending, free);
            return _hasGap ? null : _taken.Values;
        }
    }
}
