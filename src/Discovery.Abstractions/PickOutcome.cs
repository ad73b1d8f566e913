namespace Discovery;

/// <summary>What became of a call to a picked instance.</summary>
public enum PickOutcome
{
    /// <summary>It was answered, and the answer does not speak against the instance.</summary>
    Success,

    /// <summary>No connection could be made: the call never reached the instance.</summary>
    ConnectFailed,

    /// <summary>The instance answered that it failed (HTTP 5xx, gRPC Unavailable or Internal), or broke the connection off.</summary>
    Failed,

    /// <summary>The caller ended the call for reasons of its own: it says nothing of the instance.</summary>
    Cancelled,

    /// <summary>No answer came in time.</summary>
    TimedOut,
}
