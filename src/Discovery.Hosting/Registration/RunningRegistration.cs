namespace Discovery.Hosting.Registration;

/// <summary>One wanted registration with its loops, one for each registry in use.</summary>
internal sealed class RunningRegistration : IDisposable
{
    private readonly IReadOnlyList<RegistrationLoop> _loops;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _stopped;
    private readonly TimeProvider _time;
    private Task _run = Task.CompletedTask;
    private int _disposed;

    public RunningRegistration(RegistrationTarget target, IEnumerable<RegistryAccess> registries, RegistrationServices services)
    {
        Target = target;
        _time = services.Time;
        _loops = [.. registries.Select(registry => new RegistrationLoop(target, registry, services))];
        _stopped = new Lazy<Task>(StopOnceAsync);
    }

    public RegistrationTarget Target { get; }

    public IEnumerable<RegistrationStatus> Status => _loops.Select(loop => loop.Status);

    /// <summary>Ends when every registry holds what is wanted now.</summary>
    public Task Settled => Task.WhenAll(_loops.Select(loop => loop.Settled));

    /// <summary>Ends with the first attempt at every registry: null where all succeeded, else what came of the first that did not.</summary>
    public async Task<Exception?> FirstAttemptAsync()
    {
        var failures = await Task.WhenAll(_loops.Select(loop => loop.FirstAttempt)).ConfigureAwait(false);
        return failures.FirstOrDefault(failure => failure is not null);
    }

    public void Start()
    {
        // The registration outlives the request that may have asked for it: its beats must not run as part of that request's trace.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _run = Task.WhenAll(_loops.Select(loop => Task.Run(() => loop.RunAsync(_stopping.Token))));
        }
    }

    public void Refresh()
    {
        foreach (var loop in _loops)
        {
            loop.Refresh();
        }
    }

    /// <summary>Takes the registration back everywhere. Bounded, and the same task whoever asks, however often.</summary>
    public Task StopAsync() => _stopped.Value;

    /// <summary>Ends the loops without a word to the registries: what stands there ends with its Ttl.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task StopOnceAsync()
    {
        using var limit = new CancellationTokenSource(RegistrationLimits.RevokeTimeout, _time);
        _stopping.Cancel();
        await _run.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_loops.Select(loop => loop.RevokeAsync(limit.Token))).ConfigureAwait(false);
    }
}
