namespace Discovery.Hosting.Telemetry;

/// <summary>When a registry last answered, and what went wrong since.</summary>
internal sealed class RegistryContact(string registry, TimeProvider time)
{
    private volatile State _state = new(null, null, null);

    public string Registry => registry;

    public State Current => _state;

    public RegistryStatus Status
    {
        get
        {
            var state = _state;
            return new() { Registry = registry, LastAnswer = state.LastAnswer, FailingSince = state.FailingSince, LastError = state.LastError };
        }
    }

    public void Answered() => _state = new(time.GetUtcNow(), null, null);

    public void Failed(Exception error)
    {
        var before = _state;

        // A registry that refuses a call has answered it, but is of no more use than one that does not.
        _state = new(before.LastAnswer, before.FailingSince ?? time.GetUtcNow(), error.Message);
    }

    /// <param name="LastAnswer">When it last answered, or null while it has not.</param>
    /// <param name="FailingSince">When the first call failed of those that failed since, or null where none has.</param>
    /// <param name="LastError">What the last one failed with. Holds no secret, as no exception of a registry does.</param>
    public sealed record State(DateTimeOffset? LastAnswer, DateTimeOffset? FailingSince, string? LastError);
}
