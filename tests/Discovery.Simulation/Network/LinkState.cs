namespace Discovery.Simulation.Network;

/// <summary>What the way between a process and the registry does with what is sent.</summary>
internal enum LinkState
{
    Up,

    /// <summary>Connections are refused, and those that stand are reset.</summary>
    Refusing,

    /// <summary>Whatever is sent vanishes, and nobody is told.</summary>
    Silent,
}
