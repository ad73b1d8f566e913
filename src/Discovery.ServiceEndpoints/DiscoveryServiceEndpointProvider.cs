using Microsoft.Extensions.ServiceDiscovery;

namespace Discovery.ServiceEndpoints;

/// <summary>The endpoints of one service, as the process's one watch of it knows them.</summary>
/// <param name="view">Keeps the watch; what is known stays with the process when this is disposed of, which Microsoft.Extensions.ServiceDiscovery does after seconds of idleness.</param>
/// <param name="schemes">The schemes that will do, the preferred one first; none for any.</param>
internal sealed class DiscoveryServiceEndpointProvider(IServiceView view, IReadOnlyList<string> schemes) : IServiceEndpointProvider
{
    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.Endpoints.Count > 0)
        {
            return; // a provider before this one has answered
        }

        await view.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);

        // Asked for before the set is read: a change in between fires a token that is already handed out.
        endpoints.AddChangeToken(view.GetChangeToken());
        foreach (var uri in EndpointsOf(view.Current.Instances))
        {
            endpoints.Endpoints.Add(ServiceEndpoint.Create(new UriEndPoint(uri)));
        }
    }

    public ValueTask DisposeAsync()
    {
        view.Dispose();
        return default;
    }

    public override string ToString() => $"Discovery: {view.ServiceName}";

    // Of the schemes that will do, the first that any instance has: https+http never mixes the two.
    private List<Uri> EndpointsOf(IReadOnlyList<ServiceInstance> instances)
    {
        if (schemes.Count == 0)
        {
            return [.. instances.Select(instance => instance.Endpoints[0])];
        }

        return schemes.Select(scheme => WithScheme(instances, scheme)).FirstOrDefault(found => found.Count > 0) ?? [];
    }

    private static List<Uri> WithScheme(IReadOnlyList<ServiceInstance> instances, string scheme) =>
    [
        .. from instance in instances
           let endpoint = instance.Endpoints.FirstOrDefault(uri => string.Equals(uri.Scheme, scheme, StringComparison.OrdinalIgnoreCase))
           where endpoint is not null
           select endpoint,
    ];
}
