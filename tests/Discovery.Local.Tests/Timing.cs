namespace Discovery.Local.Tests;

/// <summary>Tests that measure time, and so do not run beside others.</summary>
[CollectionDefinition("Timing", DisableParallelization = true)]
public sealed class Timing;
