namespace Discovery.Simulation.Invariants;

/// <summary>Looks at the world whenever it is at rest.</summary>
internal interface ICheck
{
    void Check();
}
