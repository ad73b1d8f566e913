namespace Discovery.Testing;

/// <summary>What goes wrong between one <see cref="InMemoryServiceRegistry"/> and its store, switched on and off by a test.</summary>
public sealed class RegistryFaults
{
    private readonly Lock _gate = new();
    private readonly Action<RegistryErrorKind> _breakWatches;
    private RegistryErrorKind? _failingWith;
    private bool _losesNextReply;

    internal RegistryFaults(Action<RegistryErrorKind> breakWatches) => _breakWatches = breakWatches;

    /// <summary>Which operations <see cref="FailingWith"/> and <see cref="Hanging"/> concern; all where not set. To be set first.</summary>
    public RegistryOperations Affected { get; set; } = RegistryOperations.All;

    /// <summary>Operations fail in this way from now on, and running watches end with it at once; null for none.</summary>
    public RegistryErrorKind? FailingWith
    {
        get => _failingWith;
        set
        {
            _failingWith = value;
            if (value is { } kind && Affected.HasFlag(RegistryOperations.Watch))
            {
                _breakWatches(kind);
            }
        }
    }

    /// <summary>Operations are not carried out and wait until they are cancelled. Running watches go on.</summary>
    public bool Hanging { get; set; }

    /// <summary>The next change to the registry (of any affected operation) is carried out, but its caller is told that the registry is unavailable.</summary>
    public void LoseNextReply()
    {
        lock (_gate)
        {
            _losesNextReply = true;
        }
    }

    /// <summary>Ends all running watches once; new ones work.</summary>
    public void BreakWatches(RegistryErrorKind kind = RegistryErrorKind.Unavailable) => _breakWatches(kind);

    internal async Task BeforeAsync(RegistryOperations operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Affected.HasFlag(operation))
        {
            return;
        }

        if (Hanging)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (FailingWith is { } kind)
        {
            throw Failure(kind, operation);
        }
    }

    internal void AfterChange(RegistryOperations operation)
    {
        lock (_gate)
        {
            if (!_losesNextReply || !Affected.HasFlag(operation))
            {
                return;
            }

            _losesNextReply = false;
        }

        throw Failure(RegistryErrorKind.Unavailable, operation);
    }

    internal static RegistryException Failure(RegistryErrorKind kind, RegistryOperations operation) =>
        new(kind, $"The registry in memory is told by a test to fail: {operation}, {kind}.");
}
