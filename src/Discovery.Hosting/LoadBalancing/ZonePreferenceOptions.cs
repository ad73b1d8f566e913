namespace Discovery.Hosting.LoadBalancing;

/// <summary>
/// Section <c>Discovery:Client:ZonePreference</c> (for one service <c>Discovery:Client:Services:{name}:ZonePreference</c>): how calls stay in the
/// caller's own zone (<see cref="Lookup.ClientOptions.Zone"/>). Without a zone on both sides there is no preference. Reloads live.
/// </summary>
/// <remarks>
/// Envoy's zone-aware routing keeps calls local as far as the local share of instances bears the local share of callers. A caller here knows
/// nothing of other callers, so these are taken to be spread evenly: fair is one zone's share of all instances. While the local
/// instances that are usable times <see cref="Overprovisioning"/> make up a fair share, all calls stay local; below it, in proportion, and the rest spills over.
/// </remarks>
public sealed class ZonePreferenceOptions
{
    /// <summary>Whether the own zone is preferred. The default is true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How much more than its fair share a local instance may bear, 1 to 100. The default is 1.4 (Envoy's overprovisioning factor: a locality takes all
    /// of its calls until less than 72 % of it are usable).
    /// </summary>
    public double Overprovisioning { get; set; } = 1.4;

    /// <summary>
    /// How many usable instances the own zone must have to be preferred at all, 1 to 1000. The default is 1. (Envoy asks for 6 in all zones together,
    /// <c>min_cluster_size</c>, which would leave most services without the preference that they have set zones for.)
    /// </summary>
    public int MinimumInstances { get; set; } = 1;

    internal ZonePreferenceOptions Copy() => (ZonePreferenceOptions)MemberwiseClone();
}
