namespace Discovery.Consul.Tests;

/// <summary>Tests that are bound to time run one at a time, and alone.</summary>
[CollectionDefinition("Timing", DisableParallelization = true)]
public sealed class Timing;
