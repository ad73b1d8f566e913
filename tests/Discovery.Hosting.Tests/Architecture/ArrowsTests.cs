using System.Xml.Linq;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Architecture;

/// <summary>The arrows between projects, and no others: providers and adapters never see one another, nor Hosting.</summary>
public sealed class ArrowsTests
{
    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(RepositoryFiles.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectReferences_OfEachProject_AreTheDrawnArrows(string project)
    {
        string[] allowed = project switch
        {
            "Discovery.Abstractions" => [],
            "Discovery.Hosting" => ["Discovery.Abstractions", "Discovery.Consul", "Discovery.Etcd", "Discovery.Local"],
            _ => ["Discovery.Abstractions"],
        };

        Assert.Equal(allowed, References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!).Order());
    }

    [Fact]
    public void PackageReferences_OfAbstractions_AreAnalyzersOnly() =>
        Assert.Empty(References("Discovery.Abstractions", "PackageReference"));

    [Fact]
    public void Projects_AreAllInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "Discovery.Hosting.sln"));
        var projects = new[] { "src", "tests", "examples" }
            .SelectMany(room => Directory.GetFiles(Path.Combine(RepositoryFiles.Root, room), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetFileName(path));
        Assert.All(projects, project => Assert.Contains($"\\{project}\"", solution));
    }

    [Fact]
    public void Providers_HaveTheSameRooms()
    {
        string[] rooms = ["ServiceCollectionExtensions", "Options", "ServiceRegistryFactory", "ServiceRegistry", "Lease", "Client"];
        foreach (var provider in new[] { "Local", "Consul", "Etcd" })
        {
            var folder = Path.Combine(RepositoryFiles.Root, "src", $"Discovery.{provider}");
            Assert.All(rooms, room => Assert.NotEmpty(Directory.GetFiles(folder, $"{provider}{room}.cs", SearchOption.AllDirectories)));
        }
    }

    [Fact]
    public void SourceFiles_OfTheLibraries_AreShortAndNamedForWhatTheyAre()
    {
        string[] drawers = ["Helper", "Manager", "Utils", "Common"];
        var files = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .ToList();
        Assert.NotEmpty(files);
        Assert.All(files, path => Assert.True(File.ReadLines(path).Count() <= 300, $"{path} has more than 300 lines"));
        Assert.All(files, path => Assert.DoesNotContain(drawers, drawer => Path.GetRelativePath(RepositoryFiles.Root, path).Contains(drawer, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(RepositoryFiles.Root, "src", project, $"{project}.csproj"))
            .Descendants(kind)
            .Select(reference => reference.Attribute("Include")!.Value);
}
