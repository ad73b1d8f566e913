using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>Locks by what an open file shares: an owner shares neither writing nor locking, and whoever can open for writing knows it free.</summary>
/// <remarks>The user's own folders are private by their access control lists; links are refused by their reparse attribute.</remarks>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsFiles : LockableFiles
{
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int FileIdInfo = 18;

    public override SafeFileHandle CreateLocked(string path) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    public override SafeFileHandle? OpenToRead(string path) => Open(path, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public override SafeFileHandle? TryOpenLocked(string path)
    {
        try
        {
            return Open(path, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        }
        catch (IOException held) when (held.HResult == SharingViolation)
        {
            return null;
        }
    }

    public override bool IsHeld(string path, SafeFileHandle file)
    {
        try
        {
            using var writable = Open(path, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (IOException held) when (held.HResult == SharingViolation)
        {
            return true;
        }
    }

    public override FileStamp Stamp(SafeFileHandle file) =>
        new(Identify(file), File.GetLastWriteTimeUtc(file).Ticks, RandomAccess.GetLength(file));

    public override FileIdentity? Identify(string path)
    {
        using var file = OpenToRead(path);
        return file is null ? null : Identify(file);
    }

    public override void Replace(string path, string newPath)
    {
        // An open file cannot be moved over, but deleting it frees its name at once.
        File.Delete(newPath);
        File.Move(path, newPath, overwrite: true);
    }

    public override void CreateFolder(string path) => Directory.CreateDirectory(path);

    public override FileIdentity? IdentifyFolder(string path)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists)
        {
            return null;
        }

        Trust(path, folder.Attributes);
        return new(0, (UInt128)folder.CreationTimeUtc.Ticks);
    }

    private static SafeFileHandle? Open(string path, FileAccess access, FileShare share)
    {
        try
        {
            Trust(path, File.GetAttributes(path));
            return File.OpenHandle(path, FileMode.Open, access, share);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Trust(string path, FileAttributes attributes)
    {
        if (attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            throw new UntrustedFileException($"'{path}' is a link");
        }
    }

    private static FileIdentity Identify(SafeFileHandle file) =>
        GetFileInformationByHandleEx(file, FileIdInfo, out var id, (uint)Marshal.SizeOf<FileId>())
            ? new(id.Volume, new(id.High, id.Low))
            : throw new IOException("an open file cannot be identified", new Win32Exception(Marshal.GetLastPInvokeError()));

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandleEx(SafeFileHandle file, int kind, out FileId id, uint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct FileId
    {
        public ulong Volume;
        public ulong Low;
        public ulong High;
    }
}
