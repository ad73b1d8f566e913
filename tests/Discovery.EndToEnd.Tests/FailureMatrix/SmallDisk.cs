namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>A disk of 64 KB that one process has to itself; others see it below <c>/proc/{id}/root</c>.</summary>
internal static class SmallDisk
{
    /// <returns>What runs a command with the disk at a folder, the command's words to be added.</returns>
    public static IReadOnlyList<string> MountedAt(string folder)
    {
        Directory.CreateDirectory(folder);
        return ["unshare", "--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs -o size=64k,mode=0700 tmpfs '{folder}' && exec \"$@\"", "sh"];
    }
}
