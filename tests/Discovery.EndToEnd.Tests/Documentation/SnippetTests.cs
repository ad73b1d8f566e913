using System.Text.RegularExpressions;
using Discovery.Testing;

namespace Discovery.EndToEnd.Tests.Documentation;

/// <summary>Each piece of C# in a document stands line for line in a file that is compiled: in an example, or in <see cref="Snippets"/>.</summary>
public sealed partial class SnippetTests
{
    private static readonly string[] Compiled = [.. Sources().Select(Flatten)];

    public static TheoryData<string> Documents =>
        [.. MarkdownFiles.All.Where(path => SnippetsOf(path).Any())];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Snippets_OfADocument_AreCompiled(string document) =>
        Assert.All(SnippetsOf(document), snippet => Assert.True(Compiled.Any(source => Holds(source, snippet)), $"Nowhere compiled:\n{snippet}"));

    [Fact]
    public void Documents_WithSnippets_AreFound() => Assert.Superset(
        new HashSet<string>
        {
            "README.md", "examples/GrpcGreeter/README.md", "src/Discovery.Grpc/README.md", "src/Discovery.Hosting/docs/migrating.md", "src/Discovery.Hosting/docs/telemetry.md",
            "tests/Discovery.Testing.Conformance/README.md",
        },
        MarkdownFiles.All.Where(path => SnippetsOf(path).Any()).ToHashSet());

    // What it uses stands at the top of a file.
    private static bool Holds(string source, string snippet) =>
        Using().Matches(snippet).All(line => source.Contains(Flatten(line.Value), StringComparison.Ordinal))
        && source.Contains(Flatten(Using().Replace(snippet, "")), StringComparison.Ordinal);

    // What a diff takes away is another library's.
    private static IEnumerable<string> SnippetsOf(string document)
    {
        var text = RepositoryFiles.Read(document);
        return CSharp().Matches(text).Select(block => block.Groups[1].Value)
            .Concat(Diff().Matches(text).Select(block => string.Join('\n', Added().Matches(block.Groups[1].Value).Select(line => line.Groups[1].Value))));
    }

    private static IEnumerable<string> Sources() => ((string[])["examples", "tests/Discovery.EndToEnd.Tests/Documentation"])
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
        .Select(File.ReadAllText);

    // Neither how far it is indented nor empty lines matter.
    private static string Flatten(string code) =>
        $"\n{string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}\n";

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex("```diff\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Diff();

    [GeneratedRegex(@"^using [\w.]+;$", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^\+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Added();
}
