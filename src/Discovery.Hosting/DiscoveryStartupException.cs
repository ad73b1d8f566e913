namespace Discovery.Hosting;

/// <summary>Stops the start of the app with a message for the operator: a setting that is not allowed, or FailFast.</summary>
/// <remarks>
/// <see cref="ToString"/> is the message alone. The host logs an exception that stops the start, and the runtime prints one that
/// nobody catches; to both a stack trace would add nothing but noise around the line that names the setting.
/// </remarks>
public sealed class DiscoveryStartupException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DiscoveryStartupException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public DiscoveryStartupException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public DiscoveryStartupException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The message alone.</summary>
    public override string ToString() => Message;
}
