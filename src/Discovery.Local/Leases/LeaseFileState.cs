namespace Discovery.Local.Leases;

/// <summary>What a look at a lease's file found.</summary>
internal enum LeaseFileState
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>Nobody holds it: its owner is gone.</summary>
    Abandoned,

    /// <summary>Its owner lives, or is stopped.</summary>
    Held,

    /// <summary>It may be somebody else's, and is not looked into.</summary>
    Untrusted,
}
