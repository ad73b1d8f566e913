namespace Discovery.Hosting.Lookup;

/// <summary>A set that a registry stood by, to be remembered on disk.</summary>
internal sealed record RememberedSet(string Registry, string ServiceName, IReadOnlyList<ServiceInstance> Instances, DateTimeOffset ConfirmedAt);
