using System.Runtime.Versioning;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Holds the table of the documentation against the rows that are played.</summary>
[SupportedOSPlatform("linux")]
public sealed class MatrixDocumentTests
{
    private static readonly string Document = Path.Combine(QuickStartApp.Root, "src", "Discovery.Hosting", "docs", "failure-matrix.md");

    [Fact]
    public void Table_OfTheDocument_HasExactlyTheRowsThatArePlayed()
    {
        var lines = File.ReadAllLines(Document);
        var table = lines.SkipWhile(line => line != MatrixTable.Heading.Split('\n')[0]).Skip(2).TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(MatrixRows.All.Select(MatrixTable.Format), table.Select(WithoutTime));
    }

    [Fact]
    public void Rows_OfTheMatrix_AreAtLeastFortyAndAllDifferent()
    {
        Assert.InRange(MatrixRows.All.Count, 40, int.MaxValue);
        Assert.Equal(MatrixRows.All.Count, MatrixRows.All.Select(row => row.ToString()).Distinct().Count());
    }

    private static string WithoutTime(string line) => line[..(line.LastIndexOf('|', line.Length - 2) + 1)];
}
