namespace Discovery.Hosting.Tests;

/// <summary>What is counted in bytes: other tests listen to every span and instrument of the process, which costs all who report, so nothing runs beside these.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Costs
{
    public const string Name = "Costs";
}
