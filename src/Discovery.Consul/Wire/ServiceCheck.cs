using System.Text.Json.Serialization;

namespace Discovery.Consul.Wire;

/// <summary>The check that goes with a registration: one of <c>TTL</c>, <c>HTTP</c>, <c>TCP</c> and <c>GRPC</c> is set.</summary>
internal sealed record ServiceCheck
{
    public required string CheckID { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public string? TTL { get; init; }

    public string? HTTP { get; init; }

    public string? TCP { get; init; }

    public string? GRPC { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool GRPCUseTLS { get; init; }

    public string? Interval { get; init; }

    public string? Timeout { get; init; }

    public string? DeregisterCriticalServiceAfter { get; init; }

    /// <summary>The kind as the agent names it in a check's <c>Type</c>.</summary>
    [JsonIgnore]
    public string Kind => TTL is not null ? "ttl" : HTTP is not null ? "http" : TCP is not null ? "tcp" : "grpc";
}
