namespace Discovery.Consul.Client;

/// <summary>One call to the agent.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Asked">What it is for, as a message says it: <c>registering 'orders-1'</c>.</param>
/// <param name="Permission">What its token must be allowed, as a message says it: <c>service:write on service "orders"</c>.</param>
internal sealed record ConsulRequest(HttpMethod Method, string Path, string Asked, string Permission)
{
    /// <summary>An agent that has lost its leader holds a call for 7 s before it says so; its own words are worth the wait.</summary>
    public static readonly TimeSpan DefaultTimeOut = TimeSpan.FromSeconds(10);

    public byte[]? Json { get; init; }

    /// <summary>How long the answer may take to begin.</summary>
    public TimeSpan TimeOut { get; init; } = DefaultTimeOut;

    public int MaxLength { get; init; } = 1 << 20;

    public bool Gzip { get; init; }
}
