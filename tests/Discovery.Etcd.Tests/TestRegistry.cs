using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Discovery.Etcd.Tests;

/// <summary>A registry made the way an app makes it, and what the tests ask it for again and again.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    private readonly ServiceProvider _provider;

    private TestRegistry(ServiceProvider provider, ListLoggerProvider logs)
    {
        _provider = provider;
        Logs = logs;
        Registry = (EtcdServiceRegistry)provider.GetRequiredService<IServiceRegistryFactory>().Create();
    }

    public EtcdServiceRegistry Registry { get; }

    public ListLoggerProvider Logs { get; }

    public static TestRegistry For(params IEnumerable<Uri> endpoints) => Create(endpoints, []);

    public static TestRegistry For(EtcdServer server, params (string Key, string? Value)[] settings) => Create([server.Endpoint], settings);

    public static TestRegistry Create(IEnumerable<Uri> endpoints, (string Key, string? Value)[] settings)
    {
        var logs = new ListLoggerProvider();
        var provider = Provider([.. endpoints.Select((endpoint, i) => ($"Endpoints:{i}", (string?)endpoint.GetLeftPart(UriPartial.Authority))), .. settings], logs);
        return new TestRegistry(provider, logs);
    }

    /// <summary>The services of an app whose section <c>Discovery:Etcd</c> holds the settings.</summary>
    public static ServiceProvider Provider(IEnumerable<(string Key, string? Value)> settings, ListLoggerProvider? logs = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Discovery:Etcd:{setting.Key}", setting.Value)))
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddEtcdServiceRegistry();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs ?? new ListLoggerProvider()));
        return services.BuildServiceProvider();
    }

    /// <summary>A service name that no other test uses.</summary>
    public static string NewName(string stem = "orders") => $"{stem}-{Guid.NewGuid():N}"[..Math.Min(60, stem.Length + 13)];

    public static ServiceInstance Instance(string service, string id = "one", int port = 8080) => new()
    {
        ServiceName = service,
        Id = id,
        Endpoints = [new Uri($"http://10.0.0.1:{port}")],
    };

    public Task<IServiceLease> RegisterAsync(string service, string id = "one", TimeSpan? ttl = null) =>
        Registry.RegisterAsync(Instance(service, id), ttl ?? Ttl, TestContext.Current.CancellationToken);

    public static Task<LeaseStatus> KeepAliveAsync(IServiceLease lease, HealthStatus health = HealthStatus.Healthy) =>
        lease.KeepAliveAsync(health, note: null, TestContext.Current.CancellationToken);

    /// <summary>Keeps the lease alive, or says null where etcd could not be asked: connections that were broken off are found out one by one.</summary>
    public static async Task<LeaseStatus?> TryKeepAliveAsync(IServiceLease lease, HealthStatus health = HealthStatus.Healthy)
    {
        try
        {
            return await KeepAliveAsync(lease, health);
        }
        catch (RegistryException e) when (e.Kind == RegistryErrorKind.Unavailable)
        {
            return null;
        }
    }

    /// <summary>Keeps the lease alive until that finds what is expected: a watch takes a moment to tell of what was done past it.</summary>
    public static Task BecomesAsync(IServiceLease lease, LeaseStatus expected) => Eventually.IsAsync(
        () => KeepAliveAsync(lease), status => status == expected, cancellationToken: TestContext.Current.CancellationToken, expression: $"the lease is {expected}");

    public WatchedSet Watch(string service) => new(Registry, service);

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
