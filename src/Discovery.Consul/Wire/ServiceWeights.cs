namespace Discovery.Consul.Wire;

/// <summary>The weights of a service by the state of its checks; Consul wants at least 1 for <c>Passing</c>.</summary>
internal readonly record struct ServiceWeights(int Passing, int Warning);
