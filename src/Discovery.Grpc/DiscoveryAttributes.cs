using Discovery.Grpc.Resolving;
using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc;

/// <summary>What the resolver says of an address beyond its host and port, for load balancers of one's own.</summary>
/// <remarks>Values are equal when what they say is equal, so that a set that is reported again changes no subchannel and no picker.</remarks>
public static class DiscoveryAttributes
{
    /// <summary>The instance that an address belongs to: its ID, weight, zone, version, tags and metadata.</summary>
    public static readonly BalancerAttributesKey<ServiceInstance> Instance = new("discovery.instance");

    /// <summary>What goes with the whole set, for our own balancer.</summary>
    internal static readonly BalancerAttributesKey<Resolution> Resolution = new("discovery.resolution");
}
