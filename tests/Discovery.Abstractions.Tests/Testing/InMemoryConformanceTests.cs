using Discovery.Testing;
using Discovery.Testing.Conformance;

namespace Discovery.Tests.Testing;

public sealed class InMemoryConformanceTests : RegistryConformance
{
    private readonly InMemoryRegistryStore _store = new(TimeProvider.System);

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(new InMemoryServiceRegistry(_store));
}

[Collection("Timing")]
public sealed class InMemoryExpiryConformanceTests : RegistryExpiryConformance
{
    private readonly InMemoryRegistryStore _store = new(TimeProvider.System);

    protected override TimeSpan ShortTtl => TimeSpan.FromSeconds(1);

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync() => new(new InMemoryServiceRegistry(_store));
}

public sealed class InMemoryOutageConformanceTests : RegistryOutageConformance
{
    private readonly InMemoryRegistryStore _store = new(TimeProvider.System);
    private readonly List<InMemoryServiceRegistry> _views = [];
    private bool _isDown;

    protected override ValueTask<IServiceRegistry> CreateRegistryAsync()
    {
        var view = new InMemoryServiceRegistry(_store);
        view.Faults.FailingWith = _isDown ? RegistryErrorKind.Unavailable : null;
        _views.Add(view);
        return new(view);
    }

    protected override Task TakeDownAsync() => SwitchAsync(isDown: true);

    protected override Task BringBackAsync(bool wiped)
    {
        if (wiped)
        {
            _store.Wipe();
        }

        return SwitchAsync(isDown: false);
    }

    private Task SwitchAsync(bool isDown)
    {
        _isDown = isDown;
        _views.ForEach(view => view.Faults.FailingWith = isDown ? RegistryErrorKind.Unavailable : null);
        return Task.CompletedTask;
    }
}
