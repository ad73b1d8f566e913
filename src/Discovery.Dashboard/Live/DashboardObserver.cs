using Discovery.Dashboard.Api;

namespace Discovery.Dashboard.Live;

/// <summary>Looks at what the app knows. What that costs grows with the number of services, not of instances.</summary>
internal sealed class DashboardObserver(IDiscoveryDiagnostics diagnostics, ServicesInView services, TimeProvider time)
{
    private const int MaxEvents = 100;

    public bool Knows(string name) =>
        services.Names.Contains(name) || diagnostics.GetServices().Any(service => service.ServiceName == name && service is not { Counts.Total: 0, Source: SnapshotSource.None });

    public Overview Observe()
    {
        var watched = diagnostics.GetServices();
        var names = watched.Select(service => service.ServiceName).ToHashSet(StringComparer.Ordinal);
        return new(
            time.GetUtcNow(),
            [.. watched.Select(ServiceSummary.Of).Concat(services.Names.Where(name => !names.Contains(name)).Select(ServiceSummary.Named))
                .OrderBy(service => service.Name, StringComparer.Ordinal)],
            [.. diagnostics.GetRegistrations().Select(RegistrationView.Of).OrderBy(view => view.Service, StringComparer.Ordinal)],
            [.. diagnostics.GetRegistries().Select(RegistryView.Of)],
            [.. diagnostics.GetEvents().TakeLast(MaxEvents).Select(EventView.Of)]);
    }
}
