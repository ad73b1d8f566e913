using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>A project outside this repository that gets the packages from a feed.</summary>
/// <param name="folder">Where it is, which is also what it is called.</param>
/// <param name="feedVersion">The version of the packages there.</param>
internal sealed class FreshProject(string folder, string feedVersion)
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

    /// <summary>Writes its project file.</summary>
    /// <param name="sdk">What of the SDK it uses.</param>
    /// <param name="items">What it has beside the packages.</param>
    /// <param name="packages">Packages of the feed.</param>
    public FreshProject Referring(string sdk, string items, params IEnumerable<string> packages)
    {
        Write($"{Path.GetFileName(folder)}.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {items}
                {string.Join("\n    ", packages.Select(package => $"<PackageReference Include=\"{package}\" Version=\"{feedVersion}\" />"))}
              </ItemGroup>
            </Project>
            """);
        return this;
    }

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);

    /// <summary>Runs the SDK's command line in it.</summary>
    public Task<string> DotnetAsync(params IReadOnlyList<string> arguments) => DotnetCommand.RunAsync(folder, Bound, arguments);

    /// <summary>Starts what has been built into its folder <c>out</c>.</summary>
    public Task<AppProcess> StartAsync(string assembly, IReadOnlyDictionary<string, string?> environment) =>
        AppProcess.StartAsync(Path.Combine(folder, "out", assembly), environment);
}
