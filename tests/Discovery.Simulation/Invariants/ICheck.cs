namespace Discovery.Simulation.Invariants;

/// <summary>Looks at the world while it is at rest.</summary>
internal interface ICheck
{
    /// <summary>After each single event: for what may be wrong for a moment only.</summary>
    void AtEachStep()
    {
    }

    /// <summary>Several times a second: for what is wrong when it lasts.</summary>
    void Periodically()
    {
    }
}
