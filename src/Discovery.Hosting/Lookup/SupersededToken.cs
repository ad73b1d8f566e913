using Microsoft.Extensions.Primitives;

namespace Discovery.Hosting.Lookup;

/// <summary>The end of a <see cref="WatchState"/> as a change token.</summary>
internal sealed class SupersededToken(Task superseded) : IChangeToken
{
    public bool HasChanged => superseded.IsCompleted;

    public bool ActiveChangeCallbacks => true;

    public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
    {
        var registration = new CancellationTokenSource();
        _ = superseded.ContinueWith(_ => callback(state), registration.Token, TaskContinuationOptions.None, TaskScheduler.Default);
        return new Registration(registration);
    }

    // Cancelled, the callback is let go of at once and not only when the state ends.
    private sealed class Registration(CancellationTokenSource source) : IDisposable
    {
        private CancellationTokenSource? _source = source;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _source, null) is { } live)
            {
                live.Cancel();
                live.Dispose();
            }
        }
    }
}
