using System.Threading.Channels;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Etcd.Watches;

/// <summary>What a watch has brought and its reader has not taken yet: the last event of each key, however slow the reader.</summary>
internal sealed class ServiceChanges : IWatchObserver
{
    // Beyond it, listing again takes less than what waits here.
    private const int MaxPending = 200_000;

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private Dictionary<ByteString, Event> _pending = [];
    private RegistryException? _lost;
    private bool _hasGap;

    public void OnEvents(IReadOnlyList<Event> events)
    {
        lock (_gate)
        {
            foreach (var change in events)
            {
                _pending[change.Kv.Key] = change;
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
    /// <returns>The changes, or null where events may be missing and the service must be listed again.</returns>
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

            var taken = _pending;
            if (_lost is not null)
            {
                _signal.Writer.TryWrite(true); // for the next time
            }

            _pending = [];
            return _hasGap ? null : taken.Values;
        }
    }
}
