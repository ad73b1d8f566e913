namespace Discovery;

/// <summary>A registry did not do what it was asked.</summary>
/// <remarks>The message says which registry, what was asked and what came back, and never holds a secret.</remarks>
public class RegistryException : Exception
{
    /// <summary>Creates the exception for a registry that is <see cref="RegistryErrorKind.Unavailable"/>.</summary>
    public RegistryException()
        : this(RegistryErrorKind.Unavailable, "The registry is unavailable.")
    {
    }

    /// <inheritdoc cref="RegistryException()"/>
    public RegistryException(string message)
        : this(RegistryErrorKind.Unavailable, message)
    {
    }

    /// <inheritdoc cref="RegistryException()"/>
    public RegistryException(string message, Exception? innerException)
        : this(RegistryErrorKind.Unavailable, message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    public RegistryException(RegistryErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Tells down from denied from wrong.</summary>
    public RegistryErrorKind Kind { get; }
}
