using System.Threading.Tasks.Sources;

namespace Discovery.Hosting.Registration;

/// <summary>The wait of a loop that spends its life waiting: for a time, or until it is woken. One waits at a time, and a wait costs no memory.</summary>
internal sealed class TimedWait(TimeProvider time) : IValueTaskSource<bool>, IDisposable
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _result;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private ITimer? _timer;
    private bool _isWaiting;

    /// <returns>True when woken, false when the time has passed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (timeout <= TimeSpan.Zero)
        {
            return new(false);
        }

        lock (_gate)
        {
            _result.Reset();
            _isWaiting = true;
            _token = cancellationToken;

            // Where a wait is woken just as its time is over, the timer's call may be on its way still and end the next one. What was waited for was due then.
            _timer ??= time.CreateTimer(static wait => ((TimedWait)wait!).TimeOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(timeout, Timeout.InfiniteTimeSpan);
            _cancellation = cancellationToken.UnsafeRegister(static wait => ((TimedWait)wait!).Cancel(), this);
            return new(this, _result.Version);
        }
    }

    /// <summary>Ends the wait that is under way, if one is. Whoever wakes it does not run what comes next.</summary>
    public void Wake()
    {
        if (TryEnd(isAsynchronous: true))
        {
            _result.SetResult(true);
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _cancellation.Unregister();
        return _result.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    // The timer's thread has nothing else to do, and another would have to be woken.
    private void TimeOver()
    {
        if (TryEnd(isAsynchronous: false))
        {
            _result.SetResult(false);
        }
    }

    // Whoever stops the loop waits for its end anyway.
    private void Cancel()
    {
        if (TryEnd(isAsynchronous: false))
        {
            _result.SetException(new OperationCanceledException(_token));
        }
    }

    private bool TryEnd(bool isAsynchronous)
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                return false;
            }

            _isWaiting = false;
            _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _result.RunContinuationsAsynchronously = isAsynchronous;
            return true;
        }
    }
}
