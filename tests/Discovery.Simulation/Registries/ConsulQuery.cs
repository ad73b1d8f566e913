namespace Discovery.Simulation.Registries;

/// <summary>A query that waits for a service to change.</summary>
internal sealed record ConsulQuery(string Service, long Index, Action<long> Answer);
