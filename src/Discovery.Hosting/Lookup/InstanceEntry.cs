using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>An instance as it is picked: immutable, but for the load it shares with its earlier and later states.</summary>
internal sealed class InstanceEntry : PickCandidate
{
    private readonly EndpointAddress[] _endpoints;

    /// <param name="instance">The instance.</param>
    /// <param name="load">What was learned by calling it.</param>
    /// <param name="host">The name its addresses were resolved from, where it must be told it.</param>
    public InstanceEntry(ServiceInstance instance, InstanceLoad load, string? host = null)
    {
        Instance = instance;
        Load = load;
        _endpoints = [.. instance.Endpoints.Select(uri => new EndpointAddress(instance, uri, host, load))];
        Preferred = _endpoints.Length > 0 ? _endpoints[0] : null;
        (Share, Weight) = (load.Share, WeightOf(instance, load));
    }

    private InstanceEntry(InstanceEntry before)
    {
        (Instance, Load, _endpoints, Preferred) = (before.Instance, before.Load, before._endpoints, before.Preferred);
        (Share, Weight) = (Load.Share, WeightOf(Instance, Load));
    }

    public override ServiceInstance Instance { get; }

    /// <summary>The preferred endpoint; null where there is none.</summary>
    public EndpointAddress? Preferred { get; }

    public InstanceLoad Load { get; }

    public override double Weight { get; }

    /// <summary>The part of the instance's weight that it has, less than 1 in a slow start.</summary>
    public double Share { get; }

    public bool IsStarting => Share < 1;

    public override int InFlight => Load.InFlight;

    public override TimeSpan Latency => Load.Latency;

    public override long LastPickedAt => Load.LastPickedAt;

    public override object? State
    {
        get => Load.PolicyState;
        set => Load.PolicyState = value;
    }

    /// <summary>The same with the share of the load that it has come to by now.</summary>
    public InstanceEntry WithCurrentShare() => Share == Load.Share ? this : new(this);

    /// <summary>The preferred endpoint of a scheme, or of any; null where there is none.</summary>
    public EndpointAddress? Find(ReadOnlySpan<char> scheme)
    {
        if (scheme.IsEmpty)
        {
            return Preferred;
        }

        foreach (var endpoint in _endpoints)
        {
            if (scheme.Equals(endpoint.Scheme, StringComparison.OrdinalIgnoreCase))
            {
                return endpoint;
            }
        }

        return null;
    }

    private static double WeightOf(ServiceInstance instance, InstanceLoad load) => Math.Max(1, instance.Weight) * load.Share;
}
