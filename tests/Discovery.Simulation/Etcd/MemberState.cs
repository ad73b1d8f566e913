namespace Discovery.Simulation.Etcd;

/// <summary>How one member of the cluster is, while the others go on.</summary>
internal enum MemberState
{
    Up,

    /// <summary>It is not there.</summary>
    Down,

    /// <summary>Its process is suspended: connections stand, and what was sent to it is carried out when it goes on.</summary>
    Hung,

    /// <summary>It does not hear the others: calls wait, watches see no events and are told an old revision.</summary>
    Behind,
}
