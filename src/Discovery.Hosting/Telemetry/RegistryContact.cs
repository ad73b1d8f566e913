namespace Discovery.Hosting.Telemetry;

/// <summary>When a registry last answered, and what went wrong since.</summary>
internal sealed class RegistryContact
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private State _state;

    public RegistryContact(string registry, TimeProvider time)
    {
        Registry = registry;
        _time = time;
        UnheardCall = new(this);
    }

    public string Registry { get; }

    /// <summary>Every call to it that nobody listens to.</summary>
    public RegistryCall UnheardCall { get; }

    public State Current
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    public RegistryStatus Status
    {
        get
        {
            var state = Current;
            return new() { Registry = Registry, LastAnswer = state.LastAnswer, FailingSince = state.FailingSince, LastError = state.LastError };
        }
    }

    public void Answered()
    {
        lock (_gate)
        {
            _state = new(_time.GetUtcNow(), null, null);
        }
    }

    public void Failed(Exception error)
    {
        lock (_gate)
        {
            // A registry that refuses a call has answered it, but is of no more use than one that does not.
            _state = new(_state.LastAnswer, _state.FailingSince ?? _time.GetUtcNow(), error.Message);
        }
    }

    /// <param name="LastAnswer">When it last answered, or null while it has not.</param>
    /// <param name="FailingSince">When the first call failed of those that failed since, or null where none has.</param>
    /// <param name="LastError">What the last one failed with. Holds no secret, as no exception of a registry does.</param>
    public readonly record struct State(DateTimeOffset? LastAnswer, DateTimeOffset? FailingSince, string? LastError);
}
