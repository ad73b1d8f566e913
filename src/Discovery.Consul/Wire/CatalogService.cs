namespace Discovery.Consul.Wire;

/// <summary>A service as a lookup shows it: the part of an entry of <c>/v1/health/service</c> that becomes an instance.</summary>
internal sealed record CatalogService
{
    public string? ID { get; init; }

    public string? Address { get; init; }

    public int Port { get; init; }

    public Dictionary<string, ServiceAddress>? TaggedAddresses { get; init; }

    public List<string?>? Tags { get; init; }

    public Dictionary<string, string?>? Meta { get; init; }

    public ServiceWeights? Weights { get; init; }
}
