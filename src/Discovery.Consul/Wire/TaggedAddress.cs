namespace Discovery.Consul.Wire;

/// <summary>An endpoint on its way into or out of <c>TaggedAddresses</c>.</summary>
internal readonly record struct TaggedAddress(string Tag, string Scheme, ServiceAddress Address);
