namespace Discovery.Simulation.Network;

/// <summary>Something that stands open between a process and the registry.</summary>
internal interface IConnection
{
    /// <summary>Breaks it so that the process hears of it.</summary>
    void Break();

    /// <summary>The way is open again after it was silent.</summary>
    /// <param name="survives">Whether the connection has outlived that; otherwise it breaks.</param>
    void OnHealed(bool survives);
}
