using System.Globalization;
using Yarp.ReverseProxy.Configuration;

namespace Discovery.Yarp;

/// <summary>A configured destination whose address names a service, and what it becomes for each instance.</summary>
internal sealed class ServiceDestination
{
    private readonly string _key;
    private readonly DestinationConfig _config;
    private readonly Uri _address;
    private readonly Uri? _health;

    private ServiceDestination(string key, DestinationConfig config, Uri address, string serviceName)
    {
        _key = key;
        _config = config;
        _address = address;
        _health = Uri.TryCreate(config.Health, UriKind.Absolute, out var health) && health.Host == address.Host ? health : null;
        ServiceName = serviceName;
    }

    public string ServiceName { get; }

    /// <summary>The scheme that its address asks for, or several in order of preference with a plus between them.</summary>
    public string Scheme => _address.Scheme;

    /// <summary>Reads a configured destination; null where its host cannot be a service.</summary>
    public static ServiceDestination? Read(string key, DestinationConfig config) =>
        Uri.TryCreate(config.Address, UriKind.Absolute, out var address) && Discovery.ServiceName.TryGetFromHost(address, out var name)
            ? new(key, config, address, name)
            : null;

    /// <summary>The destinations of the instances that have the scheme, by keys that stay with them.</summary>
    public IEnumerable<KeyValuePair<string, DestinationConfig>> Expand(IReadOnlyList<ServiceInstance> instances)
    {
        foreach (var scheme in Scheme.Split('+'))
        {
            var expanded = instances.Select(instance => Expand(instance, scheme)).OfType<KeyValuePair<string, DestinationConfig>>().ToList();
            if (expanded.Count > 0)
            {
                return expanded; // https+http never mixes the two
            }
        }

        return [];
    }

    private KeyValuePair<string, DestinationConfig>? Expand(ServiceInstance instance, string scheme)
    {
        var endpoint = instance.Endpoints.FirstOrDefault(uri => string.Equals(uri.Scheme, scheme, StringComparison.OrdinalIgnoreCase));
        return endpoint is null
            ? null
            : new($"{_key}/{instance.Id}", _config with
            {
                Address = Locate(endpoint, _address),
                Health = _health is null ? _config.Health : Locate(endpoint, _health),
                Metadata = Describe(instance, scheme),
            });
    }

    private static string Locate(Uri endpoint, Uri path) => AsHttp(endpoint).AbsoluteUri.TrimEnd('/') + path.PathAndQuery;

    // YARP knows http and https alone; that a cluster speaks HTTP/2, as gRPC wants it, is the cluster's own setting.
    private static Uri AsHttp(Uri endpoint) => endpoint.Scheme switch
    {
        "grpc" => new UriBuilder(endpoint) { Scheme = Uri.UriSchemeHttp }.Uri,
        "grpcs" => new UriBuilder(endpoint) { Scheme = Uri.UriSchemeHttps }.Uri,
        _ => endpoint,
    };

    private Dictionary<string, string> Describe(ServiceInstance instance, string scheme)
    {
        var metadata = new Dictionary<string, string>(_config.Metadata ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase)
        {
            [DestinationMetadata.Service] = instance.ServiceName,
            [DestinationMetadata.Instance] = instance.Id,
            [DestinationMetadata.Scheme] = scheme,
            [DestinationMetadata.Weight] = instance.Weight.ToString(CultureInfo.InvariantCulture),
        };
        if (instance.Zone is { } zone)
        {
            metadata[DestinationMetadata.Zone] = zone;
        }

        if (instance.Version is { } version)
        {
            metadata[DestinationMetadata.Version] = version;
        }

        return metadata;
    }
}
