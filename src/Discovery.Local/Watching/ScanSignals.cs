using System.Threading.Channels;

namespace Discovery.Local.Watching;

/// <summary>What makes the scanner look: each second everything, and at once what it is notified of.</summary>
internal sealed class ScanSignals : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A null is a look at everything.
    private readonly Channel<string?> _signals = Channel.CreateUnbounded<string?>(new() { SingleReader = true });
    private readonly ITimer _timer;
    private IFolderNotifier? _notifier;

    public ScanSignals(TimeProvider time) =>
        _timer = time.CreateTimer(static writer => ((ChannelWriter<string?>)writer!).TryWrite(null), _signals.Writer, Period, Period);

    /// <summary>From now on changes are seen at once.</summary>
    /// <exception cref="IOException">The system cannot notify.</exception>
    public void Notify(string folder, FolderNotifierStarter start, Action<Exception> lost) =>
        _notifier = start(folder, name => _signals.Writer.TryWrite(name), lost);

    /// <summary>Waits until there is something to look at.</summary>
    /// <param name="names">Receives the names of changed files.</param>
    /// <returns>Whether to look at everything; null when the signals have ended.</returns>
    public async ValueTask<bool?> WaitAsync(HashSet<string> names)
    {
        if (!await _signals.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            return null;
        }

        var everything = false;
        while (_signals.Reader.TryRead(out var name))
        {
            if (name is null)
            {
                everything = true;
            }
            else
            {
                names.Add(name);
            }
        }

        return everything;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _notifier?.Dispose();
        _signals.Writer.TryComplete();
    }
}
