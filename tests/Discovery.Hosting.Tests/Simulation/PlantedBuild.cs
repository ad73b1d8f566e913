using System.Diagnostics;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Simulation;

/// <summary>
/// The simulation, built from a copy of the source that has all planted bugs in it, each behind a switch: one build serves all, and
/// with no switch set it is the library as it is.
/// </summary>
public sealed class PlantedBuild : IDisposable
{
    private const string Simulation = "tests/Discovery.Simulation";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string>> _built;
    private readonly Lazy<Task<IReadOnlyDictionary<string, string>>> _found;

    public PlantedBuild()
    {
        _built = new(BuildAsync);
        _found = new(async () => await PlantedRuns.RunAsync(await FolderAsync(), PlantedBugs.All));
    }

    /// <summary>Where the simulation lies; the first to ask builds it.</summary>
    public Task<string> FolderAsync() => _built.Value;

    /// <summary>What the seeds say with each bug, by its name; the first to ask runs them all.</summary>
    public Task<IReadOnlyDictionary<string, string>> FoundAsync() => _found.Value;

    public void Dispose() => _folder.Dispose();

    private async Task<string> BuildAsync()
    {
        var root = RepositoryFiles.Root;
        foreach (var name in (ReadOnlySpan<string>)["global.json", ".editorconfig", "Directory.Build.props", "Directory.Packages.props", "tests/Directory.Build.props"])
        {
            Copy(Path.Combine(root, name), name);
        }

        foreach (var path in Directory.EnumerateFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(root, Simulation), "*", SearchOption.AllDirectories)))
        {
            var name = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (!name.Split('/').Any(part => part is "bin" or "obj"))
            {
                Copy(path, name);
            }
        }

        Plant();
        var output = _folder.Combine("simulation");
        var start = new ProcessStartInfo("dotnet", [
            "build", _folder.Combine(Simulation), "-c", "Release", "-v", "quiet", "-nodeReuse:false", "-o", output,
            "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:EnableSourceControlManagerQueries=false"])
        {
            RedirectStandardOutput = true,
        };
        var (code, said) = await Simulator.RunAsync(start);
        Assert.True(code == 0, said);
        return output;
    }

    private void Plant()
    {
        foreach (var bug in PlantedBugs.All)
        {
            var path = _folder.Combine($"src/{bug.File}");
            File.WriteAllText(path, bug.Plant(File.ReadAllText(path)));
        }

        foreach (var project in PlantedBugs.All.Select(bug => bug.Project).Distinct())
        {
            File.WriteAllText(_folder.Combine($"src/{project}/PlantedBug.cs"), $$"""
                namespace {{project}};

                internal static class PlantedBug
                {
                    public static bool Is(string name) => name.Equals(System.AppContext.GetData("{{PlantedBug.Active}}"));
                }
                """);
        }
    }

    private void Copy(string path, string name)
    {
        var target = _folder.Combine(name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(path, target);
    }
}
