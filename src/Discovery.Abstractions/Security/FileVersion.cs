namespace Discovery.Security;

/// <summary>What tells a file from the one that stood under its name before; the default for one that cannot be read.</summary>
/// <remarks>
/// Taken from the open file: by its path, .NET answers with the time and the length of a symbolic link itself, and Kubernetes replaces
/// mounted secrets by pointing a link elsewhere.
/// </remarks>
internal readonly record struct FileVersion(DateTime WrittenAt, long Length)
{
    public static FileVersion Of(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default; // whoever goes on to read it hears why
        }
    }
}
