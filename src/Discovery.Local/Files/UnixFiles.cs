using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>Locks by flock(2): one lock per open file, gone with the last handle, however its process ended.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixFiles : LockableFiles
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly uint User = LibC.GetEffectiveUserId();

    public override SafeFileHandle CreateLocked(string path)
    {
        // Created by the framework, since open's mode argument is variadic, which an import of our own could not pass on every processor.
        using (new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
        }

        return TryOpenLocked(path) ?? throw new IOException($"'{path}' was taken as soon as it was created");
    }

    public override SafeFileHandle? OpenToRead(string path) => Open(path, LibC.ReadOnly);

    public override SafeFileHandle? TryOpenLocked(string path)
    {
        var file = Open(path, LibC.ReadWrite);
        if (file is not null && !TryLock(file, LibC.LockExclusive, path))
        {
            file.Dispose();
            return null;
        }

        return file;
    }

    public override bool IsHeld(string path, SafeFileHandle file)
    {
        // A shared lock, so that readers who look at the same moment do not see one another.
        if (!TryLock(file, LibC.LockShared, path))
        {
            return true;
        }

        _ = LibC.Flock(file, LibC.Unlock);
        return false;
    }

    public override FileStamp Stamp(SafeFileHandle file) => FileStatus.Of(file).Stamp;

    public override FileIdentity? Identify(string path) => FileStatus.Of(path)?.Stamp.Identity;

    public override void Replace(string path, string newPath) => File.Move(path, newPath, overwrite: true);

    public override void CreateFolder(string path) => Directory.CreateDirectory(path, FolderMode);

    public override FileIdentity? IdentifyFolder(string path)
    {
        if (FileStatus.Of(path) is not { } status)
        {
            return null;
        }

        Trust(path, status, FileStatus.Folder, "folder");
        return status.Stamp.Identity;
    }

    private static SafeFileHandle? Open(string path, int access)
    {
        var file = LibC.Open(path, access | LibC.SafeOpen);
        if (file.IsInvalid)
        {
            file.Dispose();
            return Marshal.GetLastPInvokeError() switch
            {
                LibC.NoSuchFile => null,
                var error when error == LibC.TooManyLinks => throw new UntrustedFileException($"'{path}' is a symbolic link"),
                var error when error == LibC.NotToBeOpened => throw new UntrustedFileException($"'{path}' is a socket"),
                _ => throw LibC.LastError(path),
            };
        }

        try
        {
            Trust(path, FileStatus.Of(file), FileStatus.RegularFile, "regular file");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Trust(string path, FileStatus status, int kind, string kindName)
    {
        if (status.Kind != kind)
        {
            throw new UntrustedFileException($"'{path}' is no {kindName}, or a symbolic link to one");
        }

        if (status.UserId != User)
        {
            throw new UntrustedFileException($"'{path}' belongs to user {status.UserId}, not to {User} whom this process runs as");
        }

        if ((status.Mode & WritableByOthers) != 0)
        {
            throw new UntrustedFileException($"'{path}' may be written by others (mode {Convert.ToString((int)status.Mode, 8)})");
        }
    }

    private static bool TryLock(SafeFileHandle file, int operation, string path)
    {
        if (LibC.Flock(file, operation | LibC.NoWait) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == LibC.WouldBlock ? false : throw LibC.LastError(path);
    }
}
