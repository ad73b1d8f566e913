namespace Discovery.Simulation.Apps;

/// <summary>Where a process is in its life.</summary>
internal enum ProcessState
{
    Running,

    /// <summary>It was told to stop, and still serves.</summary>
    Stopping,

    /// <summary>Its server is closed; what it holds is still to be let go of.</summary>
    Stopped,

    Crashed,

    Disposed,
}
