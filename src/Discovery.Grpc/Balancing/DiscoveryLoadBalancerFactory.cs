using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Balancing;

/// <summary>The load balancer <c>discovery</c>.</summary>
internal sealed class DiscoveryLoadBalancerFactory : LoadBalancerFactory
{
    public const string PolicyName = "discovery";

    public override string Name => PolicyName;

    public override LoadBalancer Create(LoadBalancerOptions options) => new DiscoveryLoadBalancer(options.Controller);
}
