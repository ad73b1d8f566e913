using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>Files under an exclusive lock that the system releases when its process dies, and that others can read meanwhile.</summary>
/// <remarks>
/// .NET's own streams will not do on Unix: they lock what they read, so that they could not read a held file and would
/// for a moment keep an owner from locking a free one.
/// </remarks>
internal abstract class LockableFiles
{
    /// <summary>How this system does it.</summary>
    public static LockableFiles OfThisSystem { get; } = OperatingSystem.IsWindows() ? new WindowsFiles() : new UnixFiles();

    /// <summary>Creates a file for this user alone, empty and locked by us until the handle is closed.</summary>
    /// <exception cref="IOException">It exists, or cannot be created or locked.</exception>
    public abstract SafeFileHandle CreateLocked(string path);

    /// <summary>Opens a file to read it, held or not.</summary>
    /// <returns>Null when there is no such file.</returns>
    /// <exception cref="UntrustedFileException">It is a symbolic link, no regular file, not ours, or writable by others.</exception>
    public abstract SafeFileHandle? OpenToRead(string path);

    /// <summary>Opens a file and locks it.</summary>
    /// <returns>Null when there is no such file, or another holds it.</returns>
    /// <exception cref="UntrustedFileException">As <see cref="OpenToRead"/>.</exception>
    public abstract SafeFileHandle? TryOpenLocked(string path);

    /// <summary>Whether somebody holds the file.</summary>
    public abstract bool IsHeld(string path, SafeFileHandle file);

    /// <summary>Which file is open, and what it was when it was last written.</summary>
    public abstract FileStamp Stamp(SafeFileHandle file);

    /// <summary>Which file has the name now; null when none has. Follows no symbolic link.</summary>
    public abstract FileIdentity? Identify(string path);

    /// <summary>Gives the file the name, in place of the file that may have it now.</summary>
    public abstract void Replace(string path, string newPath);

    /// <summary>Creates the folder and those above it for this user alone, unless it exists.</summary>
    public abstract void CreateFolder(string path);

    /// <summary>Which folder it is; null when there is none.</summary>
    /// <exception cref="UntrustedFileException">It is a symbolic link, no folder, not ours, or writable by others.</exception>
    public abstract FileIdentity? IdentifyFolder(string path);
}
