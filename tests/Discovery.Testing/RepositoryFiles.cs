namespace Discovery.Testing;

/// <summary>What stands in the repository and is tested as it stands there, such as examples that the README quotes.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that the solution is in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file's text.</summary>
    /// <param name="path">Its path below <see cref="Root"/>, with slashes.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Discovery.Hosting.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not in the repository.");
        }

        return folder.FullName;
    }
}
