using Discovery.Hosting.Configuration;

namespace Discovery.Hosting.Lookup;

/// <summary>Instances as configuration lists them.</summary>
internal sealed class StaticSource(ReloadableOptions<ClientOptions> options)
{
    public IReadOnlyList<ServiceInstance> Find(string serviceName) =>
        options.Current.Static.TryGetValue(serviceName, out var endpoints)
            ? [.. endpoints.Select(endpoint => new Uri(endpoint)).DistinctBy(endpoint => endpoint.Authority).Select(endpoint => Create(serviceName, endpoint))]
            : [];

    private static ServiceInstance Create(string serviceName, Uri endpoint) =>
        new() { ServiceName = serviceName, Id = endpoint.Authority, Endpoints = [endpoint] };
}
