using System.Text.RegularExpressions;
using Discovery.Testing;

namespace Discovery.Hosting.Tests.Telemetry;

/// <summary>A table of a document of src/Discovery.Hosting/docs.</summary>
internal static class DocumentedTable
{
    /// <param name="document">The document's file name.</param>
    /// <param name="firstColumn">The title of the table's first column.</param>
    /// <returns>The rows as texts of their cells, without Markdown's marks of code.</returns>
    public static IReadOnlyList<string[]> Read(string document, string firstColumn)
    {
        var rows = File.ReadLines(Path.Combine(RepositoryFiles.Root, "src", "Discovery.Hosting", "docs", document))
            .SkipWhile(line => !line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(Cells)
            .ToList();
        Assert.NotEmpty(rows);
        return rows;
    }

    private static string[] Cells(string line) =>
        [.. Regex.Split(line.Trim()[1..^1], @"(?<!\\)\|").Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal))];
}
