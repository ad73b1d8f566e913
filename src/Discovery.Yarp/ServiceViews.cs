using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Yarp;

/// <summary>The services that the proxy's configuration names, each held for as long as the proxy runs.</summary>
internal sealed class ServiceViews(IServiceProvider services) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<IServiceView>> _views = new(StringComparer.Ordinal);

    public IServiceDiscovery Discovery { get; } = services.GetService<IServiceDiscovery>()
        ?? throw new InvalidOperationException("AddDiscoveryDestinationResolver() needs AddServiceRegistration() or AddDiscoveryClient(), of the package Discovery.Hosting.");

    public IServiceView this[string serviceName] => _views.GetOrAdd(serviceName, name => new(() => Discovery.GetView(name))).Value;

    public void Dispose()
    {
        foreach (var view in _views.Values.Where(view => view.IsValueCreated))
        {
            view.Value.Dispose();
        }
    }
}
