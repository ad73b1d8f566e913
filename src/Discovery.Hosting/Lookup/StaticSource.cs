namespace Discovery.Hosting.Lookup;

/// <summary>Instances as configuration lists them.</summary>
internal sealed class StaticSource(ReloadableOptions<ClientOptions> options)
{
    public IReadOnlyList<ServiceInstance> Find(string serviceName) =>
        options.Current.Static.TryGetValue(serviceName, out var endpoints)
            ? [.. endpoints.Distinct(StringComparer.Ordinal).Select(endpoint => Create(serviceName, new Uri(endpoint)))]
            : [];

    private static ServiceInstance Create(string serviceName, Uri endpoint) =>
        new() { ServiceName = serviceName, Id = endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped), Endpoints = [endpoint] };
}
