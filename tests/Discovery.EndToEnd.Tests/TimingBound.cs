namespace Discovery.EndToEnd.Tests;

/// <summary>Bounds in time that a busy machine could miss: nothing runs beside these.</summary>
[CollectionDefinition("Timing", DisableParallelization = true)]
public sealed class TimingBound;
