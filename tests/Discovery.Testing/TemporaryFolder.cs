namespace Discovery.Testing;

/// <summary>A folder of one's own that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder, for its owner only.</summary>
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("discovery-test-").FullName;

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>The path of a file or folder in it; creates nothing.</summary>
    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into it.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string name, string content)
    {
        var path = Combine(name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Removes a folder in it with all it holds, if it is there.</summary>
    public void Wipe(string name)
    {
        if (Directory.Exists(Combine(name)))
        {
            Directory.Delete(Combine(name), recursive: true);
        }
    }

    /// <summary>Puts a copy of a folder in it in the place of another.</summary>
    public void Replace(string name, string source)
    {
        Wipe(name);
        foreach (var file in Directory.EnumerateFiles(Combine(source), "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(Combine(name), System.IO.Path.GetRelativePath(Combine(source), file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
