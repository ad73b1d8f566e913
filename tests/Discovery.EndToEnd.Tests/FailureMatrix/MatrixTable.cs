using System.Collections.Concurrent;
using System.Globalization;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Writes down what the rows measured, as the table that the documentation carries, when all tests have run.</summary>
public sealed class MatrixTable : IAsyncDisposable
{
    public const string Heading = "| Registry | Fault | During | After | Played | Recovered in |\n|---|---|---|---|---|--:|";

    /// <summary>As seen from the documentation.</summary>
    public const string FolderOfTests = "../../../tests/Discovery.EndToEnd.Tests/FailureMatrix";

    private static readonly ConcurrentDictionary<string, TimeSpan> Recoveries = new();

    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "failure-matrix.md");

    public static void Recovered(Row row, TimeSpan after) => Recoveries[row.ToString()] = after;

    /// <summary>A row as it stands in the table, but for its time; its fault leads to the test that plays it.</summary>
    public static string Format(Row row, Type test) =>
        $"| {row.Registry} | [{row.Name}]({FolderOfTests}/{test.Name}.cs) | {row.During} | {row.After} | {(row.OnDemandBecause is null ? "always" : "on demand")} |";

    public async ValueTask DisposeAsync()
    {
        if (!Recoveries.IsEmpty && OperatingSystem.IsLinux())
        {
            var lines = MatrixRows.ByTest.SelectMany(test => test.Rows.Select(
                row => $"{Format(row, test.Test)} {(Recoveries.TryGetValue(row.ToString(), out var time) ? Seconds(time) : "not played")} |"));
            await File.WriteAllTextAsync(Path, $"{Heading}\n{string.Join('\n', lines)}\n");
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
}
