using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>stat(2) with 64-bit file numbers; its symbol has another name on Intel processors.</summary>
internal static partial class MacStat
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly bool IsIntel = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static FileStatus Of(SafeFileHandle file)
    {
        var result = IsIntel ? StatOpenIntel(file, out var status) : StatOpen(file, out status);
        return result == 0 ? Translate(in status) : throw LibC.LastError("an open file");
    }

    public static FileStatus? Of(string path)
    {
        var result = IsIntel ? StatNamedIntel(path, out var status) : StatNamed(path, out status);
        if (result == 0)
        {
            return Translate(in status);
        }

        return Marshal.GetLastPInvokeError() == LibC.NoSuchFile ? null : throw LibC.LastError(path);
    }

    private static FileStatus Translate(in Layout status) => FileStatus.Create(
        status.Mode,
        status.UserId,
        new(new(status.Device, status.Inode), (status.ModifiedSeconds * NanosecondsPerSecond) + status.ModifiedNanoseconds, status.Size));

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int StatOpen(SafeFileHandle file, out Layout status);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int StatOpenIntel(SafeFileHandle file, out Layout status);

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatNamed(string path, out Layout status);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatNamedIntel(string path, out Layout status);

    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct Layout
    {
        [FieldOffset(0)] public uint Device;
        [FieldOffset(4)] public ushort Mode;
        [FieldOffset(8)] public ulong Inode;
        [FieldOffset(16)] public uint UserId;
        [FieldOffset(48)] public long ModifiedSeconds;
        [FieldOffset(56)] public long ModifiedNanoseconds;
        [FieldOffset(96)] public long Size;
    }
}
