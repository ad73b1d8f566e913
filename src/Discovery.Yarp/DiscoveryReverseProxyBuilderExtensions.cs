using Discovery.Yarp;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets YARP find destinations in the registry.</summary>
public static class DiscoveryReverseProxyBuilderExtensions
{
    /// <summary>
    /// Expands destinations whose address names a service (<c>http://orders/</c>, <c>https://…</c>, or <c>https+http://…</c> for https
    /// where there is any; <c>grpc://greeter/</c> for services that speak HTTP/2 alone, in a cluster whose <c>HttpRequest:Version</c> is 2) to the instances of that service, and follows them while the proxy runs; other destinations stay as they are. Also adds the
    /// load-balancing policy <c>Discovery</c>, which a cluster selects by that name: it picks as the service's own policy does
    /// (<c>Discovery:Client:LoadBalancing</c>), with weights, zones, health and ejection, and learns from every answer.
    /// </summary>
    /// <remarks>
    /// Needs <c>AddServiceRegistration()</c> or <c>AddDiscoveryClient()</c>. Resolving never fails: without a registry the last good set stays; a service without instances
    /// has no destinations, which YARP answers with 503. A destination's key is <c>{configured key}/{instance ID}</c>; its metadata has
    /// <c>discovery.service</c>, <c>discovery.instance</c>, <c>discovery.weight</c> and, where known, <c>discovery.zone</c> and <c>discovery.version</c>.
    /// YARP has one resolver for all clusters: the last one added wins.
    /// </remarks>
    /// <param name="builder">The proxy's builder.</param>
    public static IReverseProxyBuilder AddDiscoveryDestinationResolver(this IReverseProxyBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<ServiceViews>();
        builder.Services.AddSingleton<IDestinationResolver, DiscoveryDestinationResolver>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoadBalancingPolicy, DiscoveryLoadBalancingPolicy>());
        return builder;
    }
}
