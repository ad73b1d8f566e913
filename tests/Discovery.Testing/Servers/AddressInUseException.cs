namespace Discovery.Testing.Servers;

/// <summary>A server could not start because somebody outside the tests has taken one of its ports.</summary>
internal sealed class AddressInUseException(string output) : Exception($"A port is in use:\n{output}");
