namespace Discovery.Simulation.Network;

/// <summary>Nothing listens at the registry's address.</summary>
internal sealed class ServerDownException : Exception;
