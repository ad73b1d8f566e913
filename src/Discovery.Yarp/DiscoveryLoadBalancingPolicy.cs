using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;
using IYarpLoadBalancingPolicy = Yarp.ReverseProxy.LoadBalancing.ILoadBalancingPolicy;

namespace Discovery.Yarp;

/// <summary>Picks as callers of the service do who use no proxy: by the service's own policy, over what the whole process has learned of its instances.</summary>
internal sealed class DiscoveryLoadBalancingPolicy(ServiceViews views) : IYarpLoadBalancingPolicy
{
    // YARP hands over one list for as long as nothing changes.
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, AvailableInstances> _available = [];

    public string Name => "Discovery";

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count == 0)
        {
            return null;
        }

        var available = _available.GetValue(availableDestinations, static destinations => new(destinations));
        return available.AnyService() is var (service, scheme) && Pick(context, available, views[service], scheme) is { } picked
            ? picked
            : availableDestinations[Random.Shared.Next(availableDestinations.Count)];
    }

    private static DestinationState? Pick(HttpContext context, AvailableInstances available, IServiceView view, string scheme)
    {
        if (!view.TryPick(new PickRequest { Scheme = scheme }, out var pick))
        {
            return null;
        }

        if (available.Find(view.ServiceName, pick.Instance.Id) is not { } destination)
        {
            // YARP's own health checks, or an affinity, rule it out. Picked among the rest only now: it costs a look at each.
            pick.Report(PickOutcome.Cancelled);
            destination = view.TryPick(new PickRequest { Scheme = scheme, Among = available.InstancesOf(view.ServiceName) }, out pick)
                ? available.Find(view.ServiceName, pick.Instance.Id)
                : null;
        }

        if (destination is not null)
        {
            ForwardedCall.Follow(context, pick);
        }

        return destination;
    }
}
