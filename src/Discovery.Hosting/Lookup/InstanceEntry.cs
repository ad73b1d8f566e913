using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>An instance as it is picked: immutable, but for the load it shares with its earlier and later states.</summary>
internal sealed class InstanceEntry : PickCandidate
{
    private readonly EndpointAddress[] _endpoints;

    public InstanceEntry(ServiceInstance instance, InstanceLoad load)
    {
        Instance = instance;
        Load = load;
        instance.Metadata.TryGetValue(DnsSource.HostMetadata, out var host);
        _endpoints = [.. instance.Endpoints.Select(uri => new EndpointAddress(uri, host))];
    }

    public override ServiceInstance Instance { get; }

    public InstanceLoad Load { get; }

    public override int InFlight => Load.InFlight;

    public override TimeSpan Latency => Load.Latency;

    public override long LastPickedAt => Load.LastPickedAt;

    public override object? State
    {
        get => Load.PolicyState;
        set => Load.PolicyState = value;
    }

    /// <summary>The preferred endpoint of a scheme, or of any; null where there is none.</summary>
    public EndpointAddress? Find(ReadOnlySpan<char> scheme)
    {
        foreach (var endpoint in _endpoints)
        {
            if (scheme.IsEmpty || scheme.Equals(endpoint.Scheme, StringComparison.OrdinalIgnoreCase))
            {
                return endpoint;
            }
        }

        return null;
    }
}
