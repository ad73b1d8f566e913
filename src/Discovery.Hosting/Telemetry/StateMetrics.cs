using System.Diagnostics.Metrics;
using Discovery.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Hosting.Telemetry;

/// <summary>The instruments that are read off the state of the process when somebody collects, and cost nothing otherwise.</summary>
internal sealed class StateMetrics(DiscoveryMetrics metrics, IDiscoveryDiagnostics diagnostics, TimeProvider time, IServiceProvider provider) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Gauge("discovery.registrations", "{registration}", "Registrations wanted, by the state they are in.", Registrations);
        metrics.Gauge("discovery.registration.beat.age", "s", "How long ago each registration's last keep-alive was taken.", BeatAges);
        metrics.Total("discovery.registration.reregistrations", "{registration}", "How often a registry had forgotten a registration.", Reregistrations);
        metrics.Gauge("discovery.draining", "1", "1 from the signal to stop on, else 0.", Draining);
        metrics.Gauge("discovery.watches", "{service}", "Services watched, by where they are known from.", Watches);
        metrics.Gauge("discovery.instances", "{instance}", "Instances of the watched services.", Instances);
        metrics.Gauge("discovery.watch.age", "s", "How long ago the registry last confirmed what is known of a watched service.", WatchAges);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static KeyValuePair<string, object?>[] Of(RegistrationStatus status) =>
        [new("discovery.service", status.ServiceName), new("discovery.registry", status.Registry)];

    private static KeyValuePair<string, object?> Of(ServiceSnapshot snapshot) => new("discovery.service", snapshot.ServiceName);

    // Every state is reported, so that an alert on one that has never been entered has something to look at.
    private IEnumerable<Measurement<double>> Registrations()
    {
        var registrations = diagnostics.GetRegistrations();
        return Enum.GetValues<RegistrationState>().Select(state => new Measurement<double>(
            registrations.Count(status => status.State == state), new KeyValuePair<string, object?>("discovery.state", state.ToString().ToLowerInvariant())));
    }

    private IEnumerable<Measurement<double>> BeatAges() => diagnostics.GetRegistrations()
        .Where(status => status.LastBeat is not null)
        .Select(status => new Measurement<double>((time.GetUtcNow() - status.LastBeat!.Value).TotalSeconds, Of(status)));

    private IEnumerable<Measurement<long>> Reregistrations() =>
        diagnostics.GetRegistrations().Select(status => new Measurement<long>(status.Reregistrations, Of(status)));

    private IEnumerable<Measurement<double>> Draining() => [new(provider.GetService<DrainState>() is { IsDraining: true } ? 1 : 0)];

    private IEnumerable<Measurement<double>> Watches()
    {
        var watched = diagnostics.GetWatchedServices();
        return Enum.GetValues<SnapshotSource>().Select(source => new Measurement<double>(
            watched.Count(snapshot => snapshot.Source == source), new KeyValuePair<string, object?>("discovery.source", source.ToString().ToLowerInvariant())));
    }

    private IEnumerable<Measurement<double>> Instances() => diagnostics.GetWatchedServices()
        .SelectMany(snapshot => snapshot.Instances.GroupBy(instance => instance.Health, (health, instances) => new Measurement<double>(
            instances.Count(), Of(snapshot), new KeyValuePair<string, object?>("discovery.health", health.ToString().ToLowerInvariant()))));

    private IEnumerable<Measurement<double>> WatchAges() =>
        diagnostics.GetWatchedServices().Select(snapshot => new Measurement<double>(snapshot.Age.TotalSeconds, Of(snapshot)));
}
