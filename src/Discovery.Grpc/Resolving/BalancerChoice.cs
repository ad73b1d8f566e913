using Discovery.Grpc.Balancing;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;

namespace Discovery.Grpc.Resolving;

/// <summary>Which load balancer a channel is to use: ours, unless its own configuration names another one.</summary>
internal static class BalancerChoice
{
    /// <summary>What a report says when the choice is ours.</summary>
    public static ServiceConfig Ours => new() { LoadBalancingConfigs = { new LoadBalancingConfig(DiscoveryLoadBalancerFactory.PolicyName) } };

    public static bool IsOurs(ResolverOptions options) =>
        options.ChannelOptions.ServiceConfig?.LoadBalancingConfigs is { Count: > 0 } configured
            ? configured[0].PolicyName == DiscoveryLoadBalancerFactory.PolicyName
            : !options.DisableServiceConfig;
}
