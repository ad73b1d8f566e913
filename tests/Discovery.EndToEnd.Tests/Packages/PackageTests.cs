using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Processes;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>What <c>dotnet pack</c> makes, and a project outside this repository that installs it.</summary>
[Collection("Timing")] // building takes all there is of the machine
public sealed class PackageTests(LocalFeed feed) : IClassFixture<LocalFeed>
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    private static IEnumerable<string> Libraries =>
        Directory.GetDirectories(Path.Combine(QuickStartApp.Root, "src"), "Discovery.*").Select(folder => Path.GetFileName(folder)).Append("Discovery.Testing.Conformance");

    [Fact]
    public void Pack_EachLibrary_CarriesWhatAPackageShould()
    {
        Assert.Equal(
            Libraries.Select(library => $"{library}.{feed.Version}.nupkg").Order(StringComparer.Ordinal),
            Directory.GetFiles(feed.Path, "*.nupkg").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Libraries, library =>
        {
            using var package = ZipFile.OpenRead(Path.Combine(feed.Path, $"{library}.{feed.Version}.nupkg"));
            var files = package.Entries.Select(entry => entry.FullName).ToHashSet();
            Assert.Superset(new HashSet<string> { "README.md", "icon.png", $"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml" }, files);

            var metadata = ReadMetadata(package);
            Assert.Equal("MIT", metadata["license"]);
            Assert.Equal(("README.md", "icon.png"), (metadata["readme"], metadata["icon"]));
            Assert.True(metadata["description"].Length > 30);
            Assert.Contains("service-discovery", metadata["tags"], StringComparison.Ordinal);

            using var symbols = ZipFile.OpenRead(Path.Combine(feed.Path, $"{library}.{feed.Version}.snupkg"));
            Assert.Contains($"lib/net10.0/{library}.pdb", symbols.Entries.Select(entry => entry.FullName));
        });
    }

    [Fact]
    public void Pack_TheFrontDoor_BringsTheSchemaOfItsSettings()
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Path, $"Discovery.Hosting.{feed.Version}.nupkg"));
        Assert.Superset(
            new HashSet<string> { "ConfigurationSchema.json", "build/Discovery.Hosting.targets", "buildTransitive/Discovery.Hosting.targets" },
            package.Entries.Select(entry => entry.FullName).ToHashSet());
    }

    // As a new user would: a new project, the package, and the first lines of the README.
    [Fact]
    public async Task Install_IntoAFreshProjectWithTheReadmesFirstLines_RegistersIt()
    {
        var folder = feed.CreateProjectFolder("Shop");
        await DotnetCommand.RunAsync(folder, Bound, "new", "web", "--no-restore", "-o", ".");
        await DotnetCommand.RunAsync(folder, Bound, "add", "package", "Discovery.Hosting", "--version", feed.Version);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), FirstSnippet() + "\ninternal sealed class OrdersClient(HttpClient http) { public HttpClient Http => http; }\n");
        await DotnetCommand.RunAsync(folder, Bound, "publish", "-c", "Release", "-o", "out", "-warnaserror");

        await using var registry = await RegistryUnderTest.StartAsync("Local");
        var environment = new Dictionary<string, string?>(registry.Environment) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        await using var app = await AppProcess.StartAsync(Path.Combine(folder, "out", "Shop.dll"), environment);
        var listening = await app.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Eventually.IsAsync(() => registry.ListAsync("shop"), instances => instances.Count == 1, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri($"{listening.Groups[1].Value}/health/ready"), TestContext.Current.CancellationToken));
        Assert.Equal(0, await app.StopAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(await registry.ListAsync("shop"));
    }

    private static string FirstSnippet() =>
        Regex.Match(File.ReadAllText(Path.Combine(QuickStartApp.Root, "README.md")), @"```csharp\n(var builder = .*?app\.Run\(\);\n)```", RegexOptions.Singleline).Groups[1].Value;

    private static Dictionary<string, string> ReadMetadata(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata").Elements()
            .Where(element => !element.HasElements).ToDictionary(element => element.Name.LocalName, element => element.Value);
    }
}
