using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.ServiceEndpoints;

/// <summary>A provider for each name that may be a service.</summary>
internal sealed class DiscoveryServiceEndpointProviderFactory(IServiceProvider services, IOptions<ServiceDiscoveryOptions> options)
    : IServiceEndpointProviderFactory
{
    private readonly IServiceDiscovery _discovery = services.GetService<IServiceDiscovery>()
        ?? throw new InvalidOperationException("AddDiscoveryServiceEndpointProvider() needs AddServiceRegistration() or AddDiscoveryClient(), of the package Discovery.Hosting.");

    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        var host = string.IsNullOrEmpty(query.EndpointName) ? query.ServiceName : $"{query.ServiceName}-{query.EndpointName}";
        provider = Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && ServiceName.TryGetFromHost(uri, out var name)
            ? new DiscoveryServiceEndpointProvider(_discovery.GetView(name), options.Value.ApplyAllowedSchemes(query.IncludedSchemes))
            : null;
        return provider is not null;
    }
}
