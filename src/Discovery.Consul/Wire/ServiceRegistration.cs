namespace Discovery.Consul.Wire;

/// <summary>The body of <c>PUT /v1/agent/service/register</c>. Consul refuses fields that it does not know.</summary>
internal sealed record ServiceRegistration
{
    public required string Name { get; init; }

    public required string ID { get; init; }

    public required string Address { get; init; }

    public required int Port { get; init; }

    public required Dictionary<string, ServiceAddress> TaggedAddresses { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required Dictionary<string, string> Meta { get; init; }

    public required ServiceWeights Weights { get; init; }

    public required ServiceCheck Check { get; init; }
}
