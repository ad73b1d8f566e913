namespace Discovery.Testing;

/// <summary>The documents of the repository.</summary>
public static class MarkdownFiles
{
    private static readonly string[] Rooms = ["src", "examples", "tests", ".github"];

    /// <summary>Their paths below the repository's root, with slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. Rooms.SelectMany(room => Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, room), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(RepositoryFiles.Root, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !path.Split('/').Intersect(["bin", "obj"]).Any())
            .Order(StringComparer.Ordinal),
    ];
}
