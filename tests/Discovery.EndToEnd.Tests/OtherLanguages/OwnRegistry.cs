using System.Globalization;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.EndToEnd.Tests.OtherLanguages;

/// <summary>A registry as an app has it, without the app, for what clients of other languages see of it.</summary>
internal sealed class OwnRegistry : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServiceRegistry _registry;

    private OwnRegistry(ServiceProvider services)
    {
        _services = services;
        _registry = services.GetServices<IServiceRegistryFactory>().Single().Create();
    }

    /// <param name="provider">Consul or Etcd.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="settings">Of the provider's section.</param>
    public static OwnRegistry At(string provider, Uri address, params IEnumerable<(string Key, string Value)> settings)
    {
        var section = $"Discovery:{provider}";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings
            .Append((provider == "Etcd" ? "Endpoints:0" : "Address", address.GetLeftPart(UriPartial.Authority)))
            .Select(setting => KeyValuePair.Create($"{section}:{setting.Item1}", (string?)setting.Item2))).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        _ = provider == "Etcd" ? services.AddEtcdServiceRegistry() : services.AddConsulServiceRegistry();
        return new OwnRegistry(services.BuildServiceProvider());
    }

    /// <summary>A service name that no other test uses.</summary>
    public static string NewService() => string.Create(CultureInfo.InvariantCulture, $"orders-{Guid.NewGuid():N}")[..20];

    public Task<IServiceLease> RegisterAsync(string service, string id, string endpoint, Func<ServiceInstance, ServiceInstance>? with = null)
    {
        var instance = new ServiceInstance { ServiceName = service, Id = id, Endpoints = [new Uri(endpoint)] };
        return _registry.RegisterAsync(with?.Invoke(instance) ?? instance, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    public WatchRecorder Watch(string service) => WatchRecorder.Start(_registry, service, TestContext.Current.CancellationToken);

    public static async Task BeatAsync(IServiceLease lease, HealthStatus health) =>
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(health, null, TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _services.DisposeAsync();
    }
}
