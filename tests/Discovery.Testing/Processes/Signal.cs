namespace Discovery.Testing.Processes;

/// <summary>Signals of Linux, by their numbers on all of its usual architectures.</summary>
public enum Signal
{
    /// <summary>What Ctrl+C sends.</summary>
    Interrupt = 2,

    /// <summary>Ends at once, without a word.</summary>
    Kill = 9,

    /// <summary>Means what a program takes it for; see <see cref="MemoryProbe"/>.</summary>
    User1 = 10,

    /// <summary>Asks to end; what orchestrators send.</summary>
    Terminate = 15,

    /// <summary>Goes on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Freezes: sockets stay open, and nothing answers.</summary>
    Stop = 19,
}
