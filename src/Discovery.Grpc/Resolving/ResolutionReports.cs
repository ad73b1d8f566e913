using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Discovery.Grpc.Resolving;

/// <summary>Puts what is known of a service into the words of a channel.</summary>
/// <param name="view">The service; disposed of with this.</param>
/// <param name="schemes">The endpoints that the channel can talk to.</param>
/// <param name="balances">Whether the channel uses our balancer, which takes an empty set for what it is; others keep to what they had.</param>
internal sealed class ResolutionReports(IServiceView view, ChannelSchemes schemes, bool balances) : IDisposable
{
    public IServiceView View => view;

    public bool Balances => balances;

    /// <summary>Nothing is known yet: our balancer has calls wait, others have them fail.</summary>
    public ResolverResult Pending()
    {
        var problem = Unavailable($"{view.ServiceName} is not known yet: its registry has not answered.");
        return balances ? ToBalancer([], new(view, IsPending: true, problem)) : ResolverResult.ForFailure(problem);
    }

    public ResolverResult Of(ServiceSnapshot known)
    {
        var addresses = AddressesOf(known);
        Status? problem = addresses.Count > 0 ? null : Unavailable(WhyNone(known));
        return balances ? ToBalancer(addresses, new(view, IsPending: false, problem))
            : problem is { } failure ? ResolverResult.ForFailure(failure)
            : ResolverResult.ForResult(addresses);
    }

    public void Dispose() => view.Dispose();

    private static Status Unavailable(string detail) => new(StatusCode.Unavailable, detail);

    // A result's own attributes do not reach balancers (Grpc.Net.Client 2.85), an address's do: so what goes with the whole set comes first, on an address that is no instance's.
    private static ResolverResult ToBalancer(List<BalancerAddress> addresses, Resolution resolution)
    {
        var bearer = new BalancerAddress(resolution.View.ServiceName, 0);
        bearer.Attributes.Set(DiscoveryAttributes.Resolution, resolution);
        return ResolverResult.ForResult([bearer, .. addresses], BalancerChoice.Ours, Status.DefaultSuccess);
    }

    // Two instances at one address, such as a copy and what its predecessor has left, are one subchannel: balancers tell addresses apart by host and port.
    private List<BalancerAddress> AddressesOf(ServiceSnapshot known)
    {
        var addresses = new List<BalancerAddress>(known.Instances.Count);
        var seen = new HashSet<(string, int)>();
        foreach (var instance in known.Instances)
        {
            if (schemes.Find(instance) is { } endpoint && EndpointUri.HostOf(endpoint) is { } host && seen.Add((host, endpoint.Port)))
            {
                var address = new BalancerAddress(host, endpoint.Port);
                address.Attributes.Set(DiscoveryAttributes.Instance, instance);
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private string WhyNone(ServiceSnapshot known)
    {
        var age = known.Age > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", {known.Age.TotalSeconds:0.#} s old") : "";
        var source = $"(source: {known.Source.ToString().ToLowerInvariant()}{age})";
        return known.Instances.Count == 0
            ? $"{known.ServiceName} has no instance {source}."
            : $"None of the {known.Instances.Count} instances of {known.ServiceName} {source} has an endpoint of scheme {schemes}, which this channel's credentials ask for.";
    }
}
