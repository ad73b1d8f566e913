using Discovery.Hosting.Registration.Addresses;

namespace Discovery.Hosting;

/// <summary>What a registry elsewhere is open to, in words; on this machine nothing crosses a network.</summary>
internal static class RegistryExposure
{
    public static IEnumerable<string> Of(IServiceRegistry registry)
    {
        var elsewhere = registry.Endpoints.Where(endpoint => !EndpointRules.IsLoopback(endpoint.IdnHost)).ToList();
        if (elsewhere.Count > 0 && !registry.IsAuthenticated)
        {
            yield return $"{registry.Description} is on another machine and is asked without a credential: whoever reaches it may register or remove services. "
                + "Turn its access control on, and set a token, a user or a client certificate.";
        }

        if (registry.IsAuthenticated && elsewhere.FirstOrDefault(endpoint => endpoint.Scheme != Uri.UriSchemeHttps) is { } plain)
        {
            yield return $"{registry.Description} is sent a credential in clear text, which whoever is on the way to {plain.Authority} can read. Use https.";
        }
    }
}
