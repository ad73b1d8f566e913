namespace Discovery.Hosting.Tests.Simulation;

/// <summary>What keeps all processors busy for minutes runs when nothing is timed beside it.</summary>
[CollectionDefinition(nameof(Simulated), DisableParallelization = true)]
public sealed class Simulated : ICollectionFixture<PlantedBuild>;
