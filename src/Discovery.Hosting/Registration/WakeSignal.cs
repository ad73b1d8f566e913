namespace Discovery.Hosting.Registration;

/// <summary>Wakes a loop because what is wanted may have changed, and tells the waiting when the change is carried out.</summary>
internal sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _set = Create();
    private TaskCompletionSource _settled = Create();

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

            _set.TrySetResult();
        }
    }

    /// <summary>What has changed so far is about to be looked at.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_set.Task.IsCompleted)
            {
                _set = Create();
            }
        }
    }

    /// <summary>What had changed before the last <see cref="Reset"/> is carried out.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            if (!_set.Task.IsCompleted)
            {
                _settled.TrySetResult();
            }
        }
    }

    /// <returns>True when set, false when the time has passed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        Task set;
        lock (_gate)
        {
            set = _set.Task;
        }

        await set.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return set.IsCompleted;
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
