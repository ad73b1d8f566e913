using System.Diagnostics;
using System.Runtime.InteropServices;
using Discovery.Testing;

namespace Discovery.Benchmarks.Harness;

/// <summary>What a benchmark has to say: on the console, and in the folder <c>results</c> beside the machine and the versions it was said on.</summary>
internal sealed class Report
{
    private readonly List<string> _lines = [];

    private Report()
    {
    }

    public void Line(string line)
    {
        _lines.Add(line);
        Console.WriteLine(line);
    }

    /// <summary>Runs a benchmark and writes down what it says.</summary>
    /// <param name="file">The name of the file in that folder.</param>
    /// <param name="run">The benchmark.</param>
    public static async Task WriteAsync(string file, Func<Report, Task> run)
    {
        var report = new Report();
        report.Line($"# {Path.GetFileNameWithoutExtension(file)}");
        report.Line("");
        report.Line($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} processors, {Processor()}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        report.Line($"load of the machine before: {Load()}");
        report.Line("");
        var began = Stopwatch.GetTimestamp();
        await run(report);
        report.Line("");
        report.Line($"load after: {Load()}; took {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryFiles.Root, "tests", "Discovery.Benchmarks", "results"));
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, file), report._lines);
    }

    private static string Processor() => File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(": ")[1];

    private static string Load() => File.ReadAllText("/proc/loadavg").Trim();
}
