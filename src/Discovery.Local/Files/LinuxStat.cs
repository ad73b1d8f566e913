using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>statx(2), whose layout is the same on every processor, unlike stat(2)'s.</summary>
internal static partial class LinuxStat
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static FileStatus Of(SafeFileHandle file) =>
        StatxOpen(file, "", EmptyPath, BasicStats, out var status) == 0 ? Translate(in status) : throw LibC.LastError("an open file");

    public static FileStatus? Of(string path)
    {
        if (StatxNamed(CurrentFolder, path, NoFollow, BasicStats, out var status) == 0)
        {
            return Translate(in status);
        }

        return Marshal.GetLastPInvokeError() == LibC.NoSuchFile ? null : throw LibC.LastError(path);
    }

    private static FileStatus Translate(in Layout status) => FileStatus.Create(
        status.Mode,
        status.UserId,
        new(
            new(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode),
            (status.ModifiedSeconds * NanosecondsPerSecond) + status.ModifiedNanoseconds,
            (long)status.Size));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxOpen(SafeFileHandle file, string path, int flags, uint mask, out Layout status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxNamed(int folder, string path, int flags, uint mask, out Layout status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Layout
    {
        [FieldOffset(20)] public uint UserId;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
