namespace Discovery.Local.Files;

/// <summary>A file or folder that might be somebody else's: a symbolic link, another user's, or writable by others.</summary>
internal sealed class UntrustedFileException(string message) : IOException(message);
