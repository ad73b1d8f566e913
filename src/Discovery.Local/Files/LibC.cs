using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>The calls of the C library that the framework has no name for, and their numbers on Linux and macOS.</summary>
internal static partial class LibC
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;

    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int NoWait = 4;
    public const int Unlock = 8;

    public const int NotPermitted = 1;
    public const int NoSuchFile = 2;
    public const int AccessDenied = 13;

    /// <summary>EWOULDBLOCK.</summary>
    public static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>EOPNOTSUPP or ENXIO, which opening a socket is answered with.</summary>
    public static readonly int NotToBeOpened = OperatingSystem.IsMacOS() ? 102 : 6;

    /// <summary>ELOOP, which O_NOFOLLOW answers for a symbolic link.</summary>
    public static readonly int TooManyLinks = OperatingSystem.IsMacOS() ? 62 : 40;

    /// <summary>
    /// O_NOFOLLOW, O_NONBLOCK (a pipe must not make us wait) and O_CLOEXEC (a child process that inherited the lock would keep us alive).
    /// </summary>
    public static readonly int SafeOpen = OperatingSystem.IsMacOS()
        ? 0x100 | 0x4 | 0x1000000
        : (RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le
            ? 0x8000
            : 0x20000) | 0x800 | 0x80000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();

    /// <summary>The error of the last call, as the framework throws its kind.</summary>
    public static Exception LastError(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var message = $"'{path}': {Marshal.GetPInvokeErrorMessage(error)}";
        return error is AccessDenied or NotPermitted ? new UnauthorizedAccessException(message) : new IOException(message, error);
    }
}
