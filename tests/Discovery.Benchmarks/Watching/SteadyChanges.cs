using System.Diagnostics;

namespace Discovery.Benchmarks.Watching;

/// <summary>Changes made at a steady pace in the background, each with a version of its own: a value that was there before is no change, and is not told to anybody.</summary>
/// <param name="change">Makes the change that brings a version.</param>
internal sealed class SteadyChanges(Func<int, Task> change) : IAsyncDisposable
{
    private const int PerSecond = 100;

    private readonly List<long> _made = [];
    private CancellationTokenSource? _pausing;
    private Task _making = Task.CompletedTask;

    /// <summary>The version that the last change brought.</summary>
    public int LastVersion { get; private set; }

    /// <summary>When that was acknowledged, in ticks of the machine's clock. To be asked in a pause.</summary>
    public long LastAt => _made[^1];

    /// <summary>How many were made after a moment. To be asked in a pause.</summary>
    public int MadeSince(long at) => _made.Count(made => made > at);

    public void Resume()
    {
        _pausing = new();
        _making = Task.Run(() => MakeAsync(_pausing.Token));
    }

    public async Task PauseAsync()
    {
        if (_pausing is { } pausing)
        {
            _pausing = null;
            await pausing.CancelAsync();
            await _making;
            pausing.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await PauseAsync();

    private async Task MakeAsync(CancellationToken paused)
    {
        var began = Stopwatch.GetTimestamp();
        for (var made = 1; !paused.IsCancellationRequested; made++)
        {
            await change(++LastVersion);
            _made.Add(TimeProvider.System.GetUtcNow().Ticks);
            var due = TimeSpan.FromSeconds((double)made / PerSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(due, TimeProvider.System, paused).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
