using Discovery.Hosting.LoadBalancing;

namespace Discovery.Hosting.Lookup;

/// <summary>What differs for the callers of one service: <c>Discovery:Client:Services:{name}</c>. What a section leaves out is as for all services.</summary>
public sealed class ServiceClientOptions
{
    /// <summary>The load-balancing policy, or null for that of <see cref="ClientOptions.LoadBalancing"/>.</summary>
    public string? LoadBalancing { get; set; }

    /// <summary>
    /// The request header whose value is the key of an HTTP call for policies that use one (ConsistentHash), or null for none. A key that the
    /// request carries in its options (<see cref="Http.DiscoveryRequest.Key"/>) comes first.
    /// </summary>
    public string? KeyHeader { get; set; }

    /// <summary>When instances that fail are given no calls for a time, or null as for all services.</summary>
    public OutlierOptions? Outliers { get; set; }

    /// <summary>How instances are brought to their full share, or null as for all services.</summary>
    public SlowStartOptions? SlowStart { get; set; }

    /// <summary>How calls stay in the own zone, or null as for all services.</summary>
    public ZonePreferenceOptions? ZonePreference { get; set; }
}
