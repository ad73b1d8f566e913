using Discovery.Local.Files;

namespace Discovery.Local.Configuration;

/// <summary>Where leases are kept when no setting says so.</summary>
internal static class DefaultDirectory
{
    private const string Name = "discovery-hosting";

    /// <summary>The folder for the user this process runs as.</summary>
    public static string Choose()
    {
        // Create: without it the answer is empty where the folder does not exist yet.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        var user = OperatingSystem.IsWindows() ? Environment.UserName : $"{LibC.GetEffectiveUserId()}";
        return Choose(home, Path.GetTempPath(), user, LockableFiles.OfThisSystem);
    }

    /// <summary>The folder in the user's home, or the one among the temporary ones where the home is none or cannot be written.</summary>
    public static string Choose(string home, string temporary, string user, LockableFiles files)
    {
        var preferred = Path.Combine(home, Name);
        return home.Length > 0 && IsWritable(preferred, files) ? preferred : Path.Combine(temporary, $"{Name}-{user}");
    }

    private static bool IsWritable(string folder, LockableFiles files)
    {
        try
        {
            files.CreateFolder(folder);
            using var probe = File.OpenHandle(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, options: FileOptions.DeleteOnClose);
            return files.IdentifyFolder(folder) is not null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
