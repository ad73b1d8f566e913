using System.Text.RegularExpressions;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>The messages in docs/events.md that are no events are worded as in the code.</summary>
public sealed partial class MessagesDocumentTests
{
    private static readonly string Sources = string.Concat(
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any())
            .Select(path => JoinedLiterals().Replace(File.ReadAllText(path), "")));

    public static TheoryData<string> Messages =>
        [.. DocumentedRow().Matches(RepositoryFiles.Read("src/Discovery.Hosting/docs/events.md")).Select(row => row.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Document_QuotesEachMessageAsItIsSaid(string message) =>
        Assert.All(Placeholder().Split(message).Where(part => part.Trim().Length > 2), part => Assert.Contains(part, Sources, StringComparison.Ordinal));

    [Fact]
    public void Messages_AreFound() => Assert.InRange(Messages.Count, 25, int.MaxValue);

    // A message that is written on several lines is one.
    [GeneratedRegex("\"\\s*\\+ \\$?\"")]
    private static partial Regex JoinedLiterals();

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedRow();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
