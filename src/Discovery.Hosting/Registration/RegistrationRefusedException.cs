namespace Discovery.Hosting.Registration;

/// <summary>The app, as it is bound and configured, cannot stand in this registry; the message tells the operator what to change.</summary>
internal sealed class RegistrationRefusedException(string message) : Exception(message);
