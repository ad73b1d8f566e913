using System.Diagnostics.Metrics;
using Discovery.Hosting.Lookup;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Telemetry;

/// <summary>The instruments that are read off the state of the process when somebody collects, and cost nothing otherwise.</summary>
/// <remarks>Their series are those of now: what is no longer registered or watched is no longer reported.</remarks>
internal sealed class StateMetrics(
    DiscoveryMetrics metrics,
    IDiscoveryDiagnostics diagnostics,
    WatchTable watches,
    ServiceRegistries registries,
    TimeProvider time,
    IServiceProvider provider) : IHostedService
{
    // Asked for once: instruments are read until the container has been disposed of, and it gives nothing out from the beginning of that.
    private readonly DrainState? _drain = provider.GetService<DrainState>();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Gauge("discovery.registrations", "{registration}", "Registrations wanted, one for each registry, by the state they are in.", Registrations);
        metrics.Gauge("discovery.registration.beat.age", "s", "How long ago each registration's last keep-alive was taken.", BeatAges);
        metrics.Total("discovery.registration.reregistrations", "{registration}", "How often a registry had forgotten a registration.", Reregistrations);
        metrics.Gauge("discovery.draining", "1", "1 from the signal to stop on, else 0.", Draining);
        metrics.Gauge("discovery.watches", "{service}", "Services watched, by where they are known from.", Watches);
        metrics.Gauge("discovery.instances", "{instance}", "Instances of the watched services, by health and by where they are known from.", Instances);
        metrics.Gauge("discovery.instances.ejected", "{instance}", "Instances that are given no calls for a time, because they failed.", Ejected);
        metrics.Gauge("discovery.watch.age", "s", "How long ago the registry last confirmed what is known of a watched service; 0 while the watch is proven alive.", WatchAges);
        metrics.Gauge("discovery.watch.lag", "s", "How long ago the watch of a service last heard from a registry: the most that it can be behind.", WatchLags);
        metrics.Total("discovery.registry.entries.skipped", "{entry}", "How often an entry was met in a registry that cannot be used as an instance.", SkippedEntries);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static KeyValuePair<string, object?>[] Of(RegistrationStatus status) =>
        [new(Labels.Service, status.ServiceName), new(Labels.Registry, status.Registry)];

    private static KeyValuePair<string, object?> Of(ServiceSnapshot snapshot) => new(Labels.Service, snapshot.ServiceName);

    private static KeyValuePair<string, object?> Of(ServiceWatch watch) => new(Labels.Service, watch.ServiceName);

    // Every state is reported, so that an alert on one that has never been entered has something to look at.
    private IEnumerable<Measurement<double>> Registrations()
    {
        var registrations = diagnostics.GetRegistrations();
        return Enum.GetValues<RegistrationState>().Select(state => new Measurement<double>(
            registrations.Count(status => status.State == state), new KeyValuePair<string, object?>(Labels.State, Labels.Of(state))));
    }

    // A process may have several under one name (two copies of an embedded service, say): the oldest beat is the one to look at.
    private IEnumerable<Measurement<double>> BeatAges() => diagnostics.GetRegistrations()
        .Where(status => status.LastBeat is not null)
        .GroupBy(status => (status.ServiceName, status.Registry))
        .Select(same => new Measurement<double>((time.GetUtcNow() - same.Min(status => status.LastBeat!.Value)).TotalSeconds, Of(same.First())));

    private IEnumerable<Measurement<long>> Reregistrations() => diagnostics.GetRegistrations()
        .GroupBy(status => (status.ServiceName, status.Registry))
        .Select(same => new Measurement<long>(same.Sum(status => status.Reregistrations), Of(same.First())));

    private IEnumerable<Measurement<double>> Draining() => [new(_drain is { IsDraining: true } ? 1 : 0)];

    private IEnumerable<Measurement<double>> Watches()
    {
        var watched = diagnostics.GetWatchedServices();
        return Enum.GetValues<SnapshotSource>().Select(source => new Measurement<double>(
            watched.Count(snapshot => snapshot.Source == source), new KeyValuePair<string, object?>(Labels.Source, Labels.Of(source))));
    }

    private IEnumerable<Measurement<double>> Instances() => diagnostics.GetWatchedServices()
        .SelectMany(snapshot => snapshot.Instances.GroupBy(instance => instance.Health, (health, instances) => new Measurement<double>(
            instances.Count(), Of(snapshot), new(Labels.Health, Labels.Of(health)), new(Labels.Source, Labels.Of(snapshot.Source)))));

    private IEnumerable<Measurement<double>> Ejected() => watches.Watches.Select(watch => new Measurement<double>(watch.EjectedCount, Of(watch)));

    private IEnumerable<Measurement<double>> WatchAges() =>
        diagnostics.GetWatchedServices().Select(snapshot => new Measurement<double>(snapshot.Age.TotalSeconds, Of(snapshot)));

    private IEnumerable<Measurement<double>> WatchLags() =>
        watches.Watches.SelectMany(watch => watch.SinceHeard.Select(heard => new Measurement<double>(
            heard.Elapsed.TotalSeconds, Of(watch), new(Labels.Registry, heard.Registry))));

    private IEnumerable<Measurement<long>> SkippedEntries() =>
        registries.InUse.Select(registry => new Measurement<long>(registry.SkippedEntries, new KeyValuePair<string, object?>(Labels.Registry, registry.Description)));
}
