namespace Discovery.Hosting.Lookup;

/// <summary>What differs for the callers of one service: <c>Discovery:Client:Services:{name}</c>.</summary>
public sealed class ServiceClientOptions
{
    /// <summary>The load-balancing policy, or null for that of <see cref="ClientOptions.LoadBalancing"/>.</summary>
    public string? LoadBalancing { get; set; }
}
