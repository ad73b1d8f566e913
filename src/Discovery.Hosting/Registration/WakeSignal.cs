namespace Discovery.Hosting.Registration;

/// <summary>Wakes a loop because what is wanted may have changed, and tells the waiting when the change is carried out.</summary>
internal sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TimedWait? _waiting;
    private TaskCompletionSource _settled = Create();
    private bool _isSet;

    /// <summary>Ends when the latest change is carried out.</summary>
    public Task Settled
    {
        get
        {
            lock (_gate)
            {
                return _settled.Task;
            }
        }
    }

    public void Set()
    {
        lock (_gate)
        {
            if (_settled.Task.IsCompleted)
            {
                _settled = Create();
            }

            _isSet = true;
            _waiting?.Wake();
        }
    }

    /// <summary>What has changed so far is about to be looked at.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _isSet = false;
        }
    }

    /// <summary>What had changed before the last <see cref="Reset"/> is carried out.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            if (!_isSet)
            {
                _settled.TrySetResult();
            }
        }
    }

    /// <summary>Waits for it. One may wait at a time.</summary>
    /// <param name="wait">Whose memory the wait takes.</param>
    /// <param name="timeout">For how long.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>True when set, false when the time has passed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<bool> WaitAsync(TimedWait wait, TimeSpan timeout, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _waiting = wait;
            return _isSet ? new(true) : wait.WaitAsync(timeout, cancellationToken);
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
