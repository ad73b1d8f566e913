using System.Collections.Concurrent;
using System.Globalization;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>Writes down what the rows measured, as the table that the documentation carries, when all tests have run.</summary>
public sealed class MatrixTable : IAsyncDisposable
{
    public const string Heading = "| Registry | Fault | During | After | Played | Recovered in |\n|---|---|---|---|---|--:|";

    private static readonly ConcurrentDictionary<string, TimeSpan> Recoveries = new();

    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "failure-matrix.md");

    public static void Recovered(Row row, TimeSpan after) => Recoveries[row.ToString()] = after;

    /// <summary>A row as it stands in the table, but for its time.</summary>
    public static string Format(Row row) => $"| {row.Registry} | {row.Name} | {row.During} | {row.After} | {(row.OnDemandBecause is null ? "always" : "on demand")} |";

    public async ValueTask DisposeAsync()
    {
        if (!Recoveries.IsEmpty && OperatingSystem.IsLinux())
        {
            var lines = MatrixRows.All.Select(row => $"{Format(row)} {(Recoveries.TryGetValue(row.ToString(), out var time) ? Seconds(time) : "not played")} |");
            var table = $"{Heading}\n{string.Join('\n', lines)}\n";
            await File.WriteAllTextAsync(Path, table);
            Console.WriteLine(table);
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
}
