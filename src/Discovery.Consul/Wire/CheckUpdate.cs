namespace Discovery.Consul.Wire;

/// <summary>The body of <c>PUT /v1/agent/check/update/…</c>.</summary>
internal sealed record CheckUpdate(string Status, string Output);
