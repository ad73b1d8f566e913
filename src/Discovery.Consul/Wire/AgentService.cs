namespace Discovery.Consul.Wire;

/// <summary>A service as the agent holds it: <c>GET /v1/agent/service/…</c>.</summary>
internal sealed record AgentService
{
    public string? Service { get; init; }

    public string? Address { get; init; }

    public int Port { get; init; }

    public Dictionary<string, ServiceAddress>? TaggedAddresses { get; init; }

    public List<string>? Tags { get; init; }

    public Dictionary<string, string>? Meta { get; init; }

    public ServiceWeights Weights { get; init; }

    /// <summary>Consul's hash over all of this: as long as it stays, so does the registration.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Whether it is an instance of this service.</summary>
    public bool IsOf(string serviceName) => string.Equals(Service, serviceName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it says what was registered. Consul adds addresses of its own (<c>lan_ipv4</c>…), which do not count.</summary>
    public bool IsWhatWasRegistered(ServiceRegistration registration) =>
        Service == registration.Name
        && Address == registration.Address
        && Port == registration.Port
        && Weights == registration.Weights
        && (Tags ?? []).SequenceEqual(registration.Tags)
        && HasMeta(registration.Meta)
        && HasAddresses(registration);

    private bool HasMeta(Dictionary<string, string> registered) =>
        (Meta?.Count ?? 0) == registered.Count && registered.All(pair => Meta!.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private bool HasAddresses(ServiceRegistration registration) =>
        registration.TaggedAddresses.All(pair => TaggedAddresses is not null && TaggedAddresses.TryGetValue(pair.Key, out var there) && there == pair.Value);
}
