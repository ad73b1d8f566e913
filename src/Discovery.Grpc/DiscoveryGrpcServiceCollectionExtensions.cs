using Discovery.Grpc;
using Discovery.Grpc.Balancing;
using Discovery.Grpc.Resolving;
using Grpc.Net.Client.Balancer;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets gRPC clients find services in the registry.</summary>
public static class DiscoveryGrpcServiceCollectionExtensions
{
    /// <summary>
    /// Makes <c>discovery:///orders</c> an address for gRPC clients: <c>AddGrpcClient&lt;T&gt;(o =&gt; o.Address = new("discovery:///orders"))</c>, or a channel whose
    /// <c>ServiceProvider</c> is the app's. Calls are balanced as the service's own policy does (<c>Discovery:Client:LoadBalancing</c>), with weights, zones, health, ejection
    /// and slow start; a channel whose <c>ServiceConfig</c> names another balancer, such as <c>round_robin</c>, uses that one over the same instances.
    /// </summary>
    /// <remarks>
    /// Needs <c>AddServiceRegistration()</c> or <c>AddDiscoveryClient()</c>. A channel with insecure credentials uses endpoints of the schemes <c>grpc</c>, <c>h2c</c> and <c>http</c>, one with secure ones
    /// <c>grpcs</c> and <c>https</c>. Clients of the factory that set no credentials are insecure, as <c>http://orders</c> is; for TLS say
    /// <c>.ConfigureChannel(o =&gt; o.Credentials = ChannelCredentials.SecureSsl)</c>. A service without a suitable instance fails calls with <c>Unavailable</c>, naming the service and where
    /// the answer is from; no call waits longer for the first answer than <c>Discovery:Client:FirstAnswerTimeout</c> or its own deadline. Called again it adds nothing.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddDiscoveryGrpcResolver(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DiscoveryInterceptor>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ResolverFactory, DiscoveryResolverFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<LoadBalancerFactory, DiscoveryLoadBalancerFactory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<GrpcClientFactoryOptions>, DiscoveryClientDefaults>());
        return services;
    }
}
