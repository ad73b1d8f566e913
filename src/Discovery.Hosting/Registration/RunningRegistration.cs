namespace Discovery.Hosting.Registration;

/// <summary>One wanted registration with its loops, one for each registry in use.</summary>
internal sealed class RunningRegistration : IDisposable
{
    private readonly IReadOnlyList<RegistrationLoop> _loops;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _isStopping; // kept: its source is disposed of while somebody may still ask
    private readonly Lazy<Task> _stopped;
    private readonly TimeProvider _time;
    private readonly Task[] _runs;
    private int _disposed;

    public RunningRegistration(RegistrationTarget target, IEnumerable<RegistryAccess> registries, RegistrationServices services)
    {
        Target = target;
        _isStopping = _stopping.Token;
        _time = services.Time;
        var ownId = new IdSuffix(services.Random);
        _loops = [.. registries.Select(registry => new RegistrationLoop(target, registry, ownId, services))];
        _runs = [.. _loops.Select(_ => Task.CompletedTask)];
        _stopped = new Lazy<Task>(StopOnceAsync);
    }

    public RegistrationTarget Target { get; }

    public IEnumerable<RegistrationStatus> Status => _loops.Select(loop => loop.Status);

    /// <summary>Whether the registration stood in a registry, or may have. Known for sure once it is stopped.</summary>
    public bool WasAnnounced => _loops.Any(loop => loop.WasAnnounced);

    /// <summary>
    /// Ends when a registry holds what is wanted now: the others may be down, and follow when they are back. Cancelled where the registration is stopped before.
    /// </summary>
    public Task Settled => Task.WhenAny(_loops.Select(loop => loop.Settled)).WaitAsync(_isStopping);

    /// <summary>Ends with the first attempt that succeeds, with null; or, where each registry's has failed, with what came of the earliest.</summary>
    public async Task<Exception?> FirstAttemptAsync()
    {
        Exception? first = null;
        await foreach (var attempt in Task.WhenEach(_loops.Select(loop => loop.FirstAttempt)).ConfigureAwait(false))
        {
            if (await attempt.ConfigureAwait(false) is not { } failure)
            {
                return null;
            }

            first ??= failure;
        }

        return first;
    }

    public void Start()
    {
        // The registration outlives the request that may have asked for it: its beats must not run as part of that request's trace.
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            foreach (var (index, loop) in _loops.Index())
            {
                _runs[index] = Task.Run(() => loop.RunAsync(_isStopping));
            }
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

    /// <summary>Ends the loops, where nobody has stopped them, without a word to the registries: what stands there ends with its Ttl.</summary>
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
        await Task.WhenAll(_loops.Zip(_runs, (loop, run) => EndAsync(loop, run, limit.Token))).ConfigureAwait(false);
    }

    // Each by itself: a registry that hangs must not keep the registration in the others.
    private static async Task EndAsync(RegistrationLoop loop, Task run, CancellationToken limit)
    {
        await run.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await loop.RevokeAsync(limit).ConfigureAwait(false);
    }
}
