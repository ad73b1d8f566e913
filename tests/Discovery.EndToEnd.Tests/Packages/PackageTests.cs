using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Packages;

/// <summary>What <c>dotnet pack</c> makes, and a project outside this repository that installs it.</summary>
[Collection("Timing")] // building takes all there is of the machine
public sealed class PackageTests(LocalFeed feed) : IClassFixture<LocalFeed>
{
    private const string Fresh = "tests/Discovery.EndToEnd.Tests/Packages/Adapters";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Libraries =>
        Directory.GetDirectories(Path.Combine(RepositoryFiles.Root, "src"), "Discovery.*").Select(folder => Path.GetFileName(folder)).Append("Discovery.Testing.Conformance");

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
        var shop = feed.CreateProject("Shop");
        await shop.DotnetAsync("new", "web", "--no-restore", "-o", ".");
        await shop.DotnetAsync("add", "package", "Discovery.Hosting", "--version", feed.Version);
        shop.Write("Program.cs", FirstSnippet() + "\ninternal sealed class OrdersClient(HttpClient http) { public HttpClient Http => http; }\n");
        await shop.DotnetAsync("publish", "-c", "Release", "-o", "out", "-warnaserror");

        await using var registry = await RegistryUnderTest.StartAsync("Local");
        var environment = new Dictionary<string, string?>(registry.Environment) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        await using var app = await shop.StartAsync("Shop.dll", environment);
        using var http = await ListeningAsync(app);
        await Eventually.IsAsync(() => registry.ListAsync("shop"), instances => instances.Count == 1, Bound, Cancellation);
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancellation));
        Assert.Equal(0, await app.StopAsync(cancellationToken: Cancellation));
        Assert.Empty(await registry.ListAsync("shop"));
    }

    [Fact]
    public async Task Install_AllAdaptersIntoAFreshApp_ItIsFoundThroughEach()
    {
        var adapters = feed.CreateProject("Adapters")
            .Referring("Microsoft.NET.Sdk.Web", "", "Discovery.Dashboard", "Discovery.Grpc", "Discovery.Hosting", "Discovery.ServiceEndpoints", "Discovery.Yarp")
            .With($"{Fresh}/Program.cs", $"{Fresh}/appsettings.json");
        await adapters.DotnetAsync("build", "-c", "Release", "-o", "out");

        await using var registry = await RegistryUnderTest.StartAsync("Local");
        var environment = new Dictionary<string, string?>(registry.Environment) { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Discovery__Client__CacheDirectory"] = "" };
        await using var app = await adapters.StartAsync("Adapters.dll", environment);
        using var http = await ListeningAsync(app);
        await Eventually.IsAsync(() => registry.ListAsync("adapters"), instances => instances.Count == 1, Bound, Cancellation);

        foreach (var (path, answer) in ((string, string)[])[("/yarp/hello", "hello"), ("/endpoints", "hello"), ("/grpc", "Serving")])
        {
            await Eventually.IsAsync(() => AnswerAsync(http, path), text => text == answer, Bound, Cancellation, $"{path} answers {answer}");
        }

        Assert.Contains("<html", await AnswerAsync(http, "/discovery/"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await app.StopAsync(cancellationToken: Cancellation));
    }

    // The example's registry in one file, and its conformance tests, as its README says to have them outside this repository.
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Install_TheConformanceSuiteIntoAFreshTestProject_TheExamplesRegistryPasses()
    {
        var tests = feed.CreateProject("Conformance")
            .Referring(
                "Microsoft.NET.Sdk",
                $"""<FrameworkReference Include="Microsoft.AspNetCore.App" /><PackageReference Include="xunit.v3" Version="{VersionOf("xunit.v3")}" /><Using Include="Xunit" />""",
                "Discovery.Testing.Conformance")
            .With("examples/CustomRegistry/MemoryRegistry.cs", "examples/CustomRegistry.Tests/MemoryConformanceTests.cs");
        await tests.DotnetAsync("build", "-c", "Release", "-o", "out");

        var output = await tests.DotnetAsync("out/Conformance.dll", "-noColor");

        var summary = Regex.Match(output, @"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0");
        Assert.True(summary.Success, output);
        Assert.InRange(int.Parse(summary.Groups[1].Value, CultureInfo.InvariantCulture), 20, int.MaxValue);
    }

    // A 404 or 503 is an answer as well, of an app that does not know itself yet.
    private static async Task<string> AnswerAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<HttpClient> ListeningAsync(AppProcess app)
    {
        var listening = await app.WaitForLineAsync(@"Now listening on: (http://127\.0\.0\.1:\d+)", Bound, Cancellation);
        return new HttpClient { BaseAddress = new Uri(listening.Groups[1].Value) };
    }

    private static string VersionOf(string package) =>
        Regex.Match(RepositoryFiles.Read("Directory.Packages.props"), $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\"").Groups[1].Value;

    private static string FirstSnippet() =>
        Regex.Match(RepositoryFiles.Read("README.md"), @"```csharp\n(var builder = .*?app\.Run\(\);\n)```", RegexOptions.Singleline).Groups[1].Value;

    private static Dictionary<string, string> ReadMetadata(ZipArchive package) =>
        Nuspec.Read(package).Elements().Where(element => !element.HasElements).ToDictionary(element => element.Name.LocalName, element => element.Value);
}
