namespace Discovery.Consul.Wire;

/// <summary>A check as the agent shows it; of its many fields, what a registration needs to know.</summary>
internal sealed record AgentCheck
{
    public string? Status { get; init; }

    /// <summary><c>ttl</c>, <c>http</c>, <c>tcp</c>, <c>grpc</c>…</summary>
    public string? Type { get; init; }
}
