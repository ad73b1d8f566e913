using Discovery.Dashboard.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Discovery.Dashboard.Live;

/// <summary>What all who look at one dashboard share.</summary>
internal sealed class LiveDashboard(
    ServicesInView services, DashboardObserver observer, DashboardFeed feed, IServiceDiscovery discovery, ServiceDetails details, CancellationToken stopping)
{
    public ServicesInView Services => services;

    public DashboardObserver Observer => observer;

    public DashboardFeed Feed => feed;

    /// <summary>When the app begins to stop.</summary>
    public CancellationToken Stopping => stopping;

    public static LiveDashboard Create(IServiceProvider provider, DiscoveryDashboardOptions options)
    {
        var diagnostics = provider.GetRequiredService<IDiscoveryDiagnostics>();
        var discovery = provider.GetRequiredService<IServiceDiscovery>();
        var time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        var stopping = provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var services = new ServicesInView(discovery, options.MaxServices);
        var observer = new DashboardObserver(diagnostics, services, time);
        return new(services, observer, new DashboardFeed(observer, services, options.MaxViewers, time, stopping), discovery, new ServiceDetails(diagnostics, time), stopping);
    }

    /// <summary>A service with a page of its instances, or null where no service of that name is known.</summary>
    /// <remarks>Only services that are known are watched, so that nobody makes the app watch whatever they can think of.</remarks>
    public async Task<ServiceDetail?> GetServiceAsync(string name, InstancePage page, CancellationToken cancellationToken)
    {
        if (!observer.Knows(name))
        {
            await services.RefreshAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!observer.Knows(name))
        {
            return null;
        }

        await discovery.GetInstancesAsync(name, cancellationToken).ConfigureAwait(false);
        return details.Get(name, page);
    }
}
