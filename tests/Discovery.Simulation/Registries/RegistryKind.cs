namespace Discovery.Simulation.Registries;

/// <summary>Which registry a seed runs against.</summary>
internal enum RegistryKind
{
    Memory,
    Consul,
    Etcd,
}
