using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>A project outside this repository that gets the packages from a feed.</summary>
internal sealed class FreshProject(string folder)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>Puts files of this repository into it.</summary>
    /// <param name="paths">Their paths below the repository's root, with slashes.</param>
    public FreshProject With(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            File.Copy(Path.Combine(RepositoryFiles.Root, path), Path.Combine(folder, Path.GetFileName(path)));
        }

        return this;
    }

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);

    /// <summary>Runs the SDK's command line in it.</summary>
    public Task<string> DotnetAsync(params IReadOnlyList<string> arguments) => DotnetCommand.RunAsync(folder, Bound, arguments);

    /// <summary>Starts what has been built into its folder <c>out</c>.</summary>
    public Task<AppProcess> StartAsync(string assembly, IReadOnlyDictionary<string, string?> environment) =>
        AppProcess.StartAsync(Path.Combine(folder, "out", assembly), environment);
}
