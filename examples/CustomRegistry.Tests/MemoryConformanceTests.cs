using Discovery;
using Discovery.Testing.Conformance;

namespace CustomRegistry.Tests;

public sealed class MemoryConformanceTests : RegistryConformance
{
    private readonly MemoryTable _table = new(TimeProvider.System);

    // Each call is another process's view of the same place.
    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(new MemoryRegistry(_table));
}

[CollectionDefinition("Timing", DisableParallelization = true)]
public sealed class TimingBound;

[Collection("Timing")]
public sealed class MemoryExpiryConformanceTests : RegistryExpiryConformance
{
    private readonly MemoryTable _table = new(TimeProvider.System);

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(new MemoryRegistry(_table));
}
