namespace Discovery.Simulation.Registries;

/// <summary>Why a registration is no longer there.</summary>
internal enum Removal
{
    /// <summary>Its owner, or a process in its name, took it back.</summary>
    Revoked,

    /// <summary>Nobody kept it alive.</summary>
    Expired,

    /// <summary>Somebody else removed it.</summary>
    RemovedByHand,

    /// <summary>The registry lost its data.</summary>
    Wiped,
}
