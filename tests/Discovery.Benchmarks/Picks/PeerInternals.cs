using System.Runtime.CompilerServices;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using GrpcPickContext = Grpc.Net.Client.Balancer.PickContext;
using YarpILoadBalancingPolicy = Yarp.ReverseProxy.LoadBalancing.ILoadBalancingPolicy;

namespace Discovery.Benchmarks.Picks;

/// <summary>What the peers do not make public but use on their hot path.</summary>
internal static class PeerInternals
{
    /// <summary>gRPC's round-robin picker does not look at the call.</summary>
    public static GrpcPickContext AnyPick { get; } = (GrpcPickContext)RuntimeHelpers.GetUninitializedObject(typeof(GrpcPickContext));

    public static YarpILoadBalancingPolicy YarpPolicy(string name)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy();
        return services.BuildServiceProvider().GetServices<YarpILoadBalancingPolicy>().Single(policy => policy.Name == name);
    }

    /// <summary>Built over subchannels that were never connected: picking does not touch them.</summary>
    public static SubchannelPicker GrpcRoundRobinPicker(int count)
    {
        var subchannels = Enumerable.Range(0, count).Select(_ => (Subchannel)RuntimeHelpers.GetUninitializedObject(typeof(Subchannel))).ToArray();
        var type = typeof(GrpcChannel).Assembly.GetType("Grpc.Net.Client.Balancer.RoundRobinPicker", throwOnError: true)!;
        return (SubchannelPicker)Activator.CreateInstance(type, System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic, null, [subchannels, 0L], null)!;
    }
}
