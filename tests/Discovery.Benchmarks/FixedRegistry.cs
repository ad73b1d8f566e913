using System.Globalization;
using System.Runtime.CompilerServices;

namespace Discovery.Benchmarks;

/// <summary>A registry whose one service, <c>orders</c>, has so many instances, for ever.</summary>
internal sealed class FixedRegistry(int count) : IServiceRegistry, IServiceRegistryFactory
{
    public string Name => "Fixed";

    public string Description => "Fixed registry";

    public IReadOnlyList<Uri> Endpoints => [];

    public static IReadOnlyList<ServiceInstance> Instances(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new ServiceInstance
        {
            ServiceName = "orders",
            Id = "orders-" + i.ToString(CultureInfo.InvariantCulture),
            Endpoints = [Endpoint(i)],
        }),
    ];

    public static Uri Endpoint(int i) => new(string.Create(CultureInfo.InvariantCulture, $"http://10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:8080"));

    public IServiceRegistry Create() => this;

    public async IAsyncEnumerable<RegistryChange> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return RegistryChange.Complete(Instances(count));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public Task<IReadOnlyList<string>> GetServicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(["orders"]);

    public Task<IServiceLease> RegisterAsync(ServiceInstance instance, TimeSpan ttl, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeregisterAsync(string serviceName, string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;
}
