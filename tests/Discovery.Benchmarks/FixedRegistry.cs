using System.Globalization;
using System.Runtime.CompilerServices;

namespace Discovery.Benchmarks;

/// <summary>A registry whose one service, <c>orders</c>, has so many instances, for ever.</summary>
internal sealed class FixedRegistry(IReadOnlyList<Uri> endpoints) : IServiceRegistry, IServiceRegistryFactory
{
    public FixedRegistry(int count)
        : this([.. Enumerable.Range(0, count).Select(Endpoint)])
    {
    }

    public string Name => "Fixed";

    public string Description => "Fixed registry";

    public IReadOnlyList<Uri> Endpoints => [];

    public static Uri Endpoint(int i) => new(string.Create(CultureInfo.InvariantCulture, $"http://10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8080"));

    public IServiceRegistry Create() => this;

    public async IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return RegistryChange.Complete([.. endpoints.Select(Instance)]);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(["orders"]);

    public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;

    private static ServiceInstance Instance(Uri endpoint, int i) => new()
    {
        ServiceName = "orders",
        Id = "orders-" + i.ToString(CultureInfo.InvariantCulture),
        Endpoints = [endpoint],
    };
}
