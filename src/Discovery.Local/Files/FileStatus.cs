using Microsoft.Win32.SafeHandles;

namespace Discovery.Local.Files;

/// <summary>What the system says of a file: kind, permissions, owner, identity.</summary>
internal readonly record struct FileStatus(int Kind, UnixFileMode Mode, uint UserId, FileStamp Stamp)
{
    public const int RegularFile = 0x8000;
    public const int Folder = 0x4000;

    private const int KindBits = 0xF000;
    private const int ModeBits = 0xFFF;

    public static FileStatus Create(int mode, uint userId, FileStamp stamp) =>
        new(mode & KindBits, (UnixFileMode)(mode & ModeBits), userId, stamp);

    /// <summary>Of an open file.</summary>
    public static FileStatus Of(SafeFileHandle file) => OperatingSystem.IsMacOS() ? MacStat.Of(file) : LinuxStat.Of(file);

    /// <summary>Of what has the name, a symbolic link included; null when nothing has.</summary>
    public static FileStatus? Of(string path) => OperatingSystem.IsMacOS() ? MacStat.Of(path) : LinuxStat.Of(path);
}
