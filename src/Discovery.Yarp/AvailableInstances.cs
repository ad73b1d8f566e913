using Yarp.ReverseProxy.Model;

namespace Discovery.Yarp;

/// <summary>The destinations that YARP would use now, by the instances they stand for.</summary>
internal sealed class AvailableInstances
{
    private readonly Dictionary<(string Service, string Instance), DestinationState> _destinations = [];
    private readonly Dictionary<string, HashSet<string>> _instances = [];
    private readonly List<(string Service, string Scheme)> _services = [];

    public AvailableInstances(IReadOnlyList<DestinationState> destinations)
    {
        foreach (var destination in destinations)
        {
            if (destination.Model.Config.Metadata is { } metadata
                && metadata.TryGetValue(DestinationMetadata.Service, out var service)
                && metadata.TryGetValue(DestinationMetadata.Instance, out var instance)
                && metadata.TryGetValue(DestinationMetadata.Scheme, out var scheme))
            {
                _destinations[(service, instance)] = destination;
                _services.Add((service, scheme));
                (_instances.TryGetValue(service, out var known) ? known : _instances[service] = []).Add(instance);
            }
        }
    }

    /// <summary>The service of one destination in turn by chance, so that of several in a cluster each gets the share of its instances; null where none is a service's.</summary>
    public (string Service, string Scheme)? AnyService() => _services.Count == 0 ? null : _services[Random.Shared.Next(_services.Count)];

    /// <summary>The IDs of a service's instances.</summary>
    public IReadOnlySet<string> InstancesOf(string service) => _instances[service];

    public DestinationState? Find(string service, string instance) => _destinations.GetValueOrDefault((service, instance));
}
