namespace Discovery.Etcd.Tests;

/// <summary>Tests that measure run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Timing
{
    public const string Name = "Timing";
}
