namespace Discovery.Testing;

/// <summary>Hands out one registry under a name that <c>Discovery:Provider</c> can select.</summary>
/// <param name="registry">The registry; every <see cref="Create"/> gives this one, whose journal and faults the test holds.</param>
/// <param name="name">The provider's name.</param>
public sealed class InMemoryServiceRegistryFactory(InMemoryServiceRegistry registry, string name = "InMemory") : IServiceRegistryFactory
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IServiceRegistry Create() => registry;
}
