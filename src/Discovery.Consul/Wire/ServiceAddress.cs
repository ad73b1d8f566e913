namespace Discovery.Consul.Wire;

/// <summary>One of a service's <c>TaggedAddresses</c>.</summary>
internal readonly record struct ServiceAddress(string Address, int Port);
