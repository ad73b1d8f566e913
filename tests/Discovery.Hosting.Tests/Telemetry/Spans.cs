namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>Sources of spans are the process's: who counts on there being no listener must run alone.</summary>
[CollectionDefinition("Spans", DisableParallelization = true)]
public sealed class Spans;
