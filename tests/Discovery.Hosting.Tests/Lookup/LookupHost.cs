using Discovery.Hosting.Lookup;
using Discovery.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Discovery.Hosting.Tests.Lookup;

/// <summary>Lookups as an app has them, over a scripted registry, a scripted probe and a clock that stands still.</summary>
internal sealed class LookupHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public LookupHost(
        ScriptedRegistry? registry = null, IEnumerable<KeyValuePair<string, string?>>? settings = null, Action<IServiceCollection>? configure = null, bool realTime = false)
    {
        Registry = registry ?? new();
        Configuration = (IConfigurationRoot)new ConfigurationManager();
        ((ConfigurationManager)Configuration).AddInMemoryCollection(
            [new("Discovery:Provider", "Scripted"), new("Discovery:Client:CacheDirectory", "")]);
        ((ConfigurationManager)Configuration).AddInMemoryCollection(settings ?? []);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configuration);
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Test" });
        services.AddLogging(logging => logging.AddProvider(Log));
        services.AddSingleton<IServiceRegistryFactory>(Registry);
        services.AddSingleton<IEndpointProbe>(Probe);
        if (!realTime)
        {
            services.AddSingleton<TimeProvider>(Time);
        }

        configure?.Invoke(services);
        services.AddDiscoveryClient().AddLookup();
        _services = services.BuildServiceProvider();
        Discovery = _services.GetRequiredService<ServiceDiscovery>();
    }

    public ScriptedRegistry Registry { get; }

    public ScriptedProbe Probe { get; } = new();

    public RecordedLog Log { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IConfigurationRoot Configuration { get; }

    public IServiceProvider Services => _services;

    public ServiceDiscovery Discovery { get; }

    /// <summary>What is known of a service that has been looked up before.</summary>
    public ServiceSnapshot Known(string service = "orders") => Discovery.GetWatchedServices().Single(snapshot => snapshot.ServiceName == service);

    /// <summary>Waits until the registry is being asked for a service.</summary>
    public Task WatchedAsync(string service = "orders") => Eventually.HoldsAsync(() => Registry.IsWatched(service));

    public Task<ServiceSnapshot> KnownAsync(Func<ServiceSnapshot, bool> expected, string service = "orders") =>
        Eventually.IsAsync(() => Known(service), expected);

    /// <summary>Lets time pass in steps until the condition holds, and fails where that much of it was not enough.</summary>
    public async Task PassTimeUntilAsync(Func<bool> condition, TimeSpan atMost, TimeSpan? step = null)
    {
        var passed = TimeSpan.Zero;
        while (!condition())
        {
            if (passed > atMost)
            {
                // The time is over; what it set off may still be under way on a busy machine.
                await Eventually.HoldsAsync(condition, TimeSpan.FromSeconds(5));
                return;
            }

            passed += step ?? TimeSpan.FromMilliseconds(100);
            Time.Advance(step ?? TimeSpan.FromMilliseconds(100));

            // What the clock set off runs on other threads.
            await Task.Delay(5);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
