namespace Discovery;

/// <summary>What a keep-alive found.</summary>
public enum LeaseStatus
{
    /// <summary>The registration stands.</summary>
    Held,

    /// <summary>The registry has forgotten it (it expired, was removed, or the registry lost its data): register anew.</summary>
    Forgotten,

    /// <summary>Another living copy has registered under the same service name and ID since. The newest wins.</summary>
    Superseded,
}
