using System.Threading.Channels;
using Google.Protobuf;
using Mvccpb;

namespace Discovery.Etcd.Watching;

/// <summary>What a watch has brought and its reader has not taken yet: the last event of each key, however slow the reader.</summary>
internal sealed class ServiceChanges : IWatchObserver, IDisposable
{
    // Beyond it, listing again takes less than what waits here.
    private const int MaxPending = 200_000;

    private const int MaxKept = 100;

    // The reader goes on within the call of whoever signals, which therefore only Proceed() does.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = true });

    private readonly Lock _gate = new();
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _cancelling;
    private Dictionary<ByteString, Event> _pending = [];
    private Dictionary<ByteString, Event> _taken = []; // the reader's, until it takes again
    private RegistryException? _lost;
    private bool _hasGap;

    /// <param name="cancellationToken">Ends the waiting for changes.</param>
    public ServiceChanges(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _cancelling = cancellationToken.UnsafeRegister(static changes => ((ServiceChanges)changes!).ProceedElsewhere(), this);
    }

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
    }

    public void Proceed() => _signal.Writer.TryWrite(true);

    public void OnAlive() => ProceedElsewhere();

    public void OnGap()
    {
        lock (_gate)
        {
            _hasGap = true;
        }

        ProceedElsewhere();
    }

    public void OnLost(RegistryException reason)
    {
        lock (_gate)
        {
            _lost = reason;
        }

        ProceedElsewhere();
    }

    /// <summary>Waits for changes, or for the word that there are none.</summary>
    /// <returns>The changes, to be read before the next are taken; or null where events may be missing and the service must be listed again.</returns>
    /// <exception cref="RegistryException">The watch was lost.</exception>
    /// <exception cref="OperationCanceledException">The waiting was to end.</exception>
    public async Task<IReadOnlyCollection<Event>?> TakeAsync()
    {
        await _signal.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        _cancellationToken.ThrowIfCancellationRequested();
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

    public void Dispose() => _cancelling.Dispose();

    private void ProceedElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static changes => changes.Proceed(), this, preferLocal: false);
}
