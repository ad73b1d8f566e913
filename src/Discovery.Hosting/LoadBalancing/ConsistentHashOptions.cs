namespace Discovery.Hosting.LoadBalancing;

/// <summary>Section <c>Discovery:Client:ConsistentHash</c>: the policy of that name. Reloads live.</summary>
public sealed class ConsistentHashOptions
{
    /// <summary>
    /// How many times the average of calls in flight, by weight, an instance may have before a key is sent elsewhere, 1.01 to 100. The default is 1.25
    /// (Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016, as in HAProxy's <c>hash-balance-factor</c>).
    /// </summary>
    public double LoadFactor { get; set; } = 1.25;
}
