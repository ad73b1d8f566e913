namespace Discovery.Hosting.Http;

/// <summary>What a request can tell the handler that <c>AddDiscoveryHandler()</c> adds.</summary>
public static class DiscoveryRequest
{
    /// <summary>
    /// The key of the call (<see cref="PickRequest.Key"/>): under the policy ConsistentHash, calls with the same key go to the same instance.
    /// Set by <c>request.Options.Set(DiscoveryRequest.Key, customerId)</c>.
    /// </summary>
    public static HttpRequestOptionsKey<string> Key { get; } = new("Discovery.Key");
}
