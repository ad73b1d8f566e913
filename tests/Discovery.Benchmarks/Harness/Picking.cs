using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Discovery.Benchmarks.Harness;

/// <summary>The benchmarks of BenchmarkDotNet: picks and handlers.</summary>
internal static class Picking
{
    // Picks first: what the JIT learns from handlers it would lay out their loops by.
    private static readonly string[] Filters = Pace.IsQuick ? ["*.TwoThreadBenchmarks.*"] : ["*.PickBenchmarks.*", "*.TwoThreadBenchmarks.*", "*.HandlerBenchmarks.*"];

    /// <summary>Runs all of them.</summary>
    public static Task RunAsync(Report report)
    {
        foreach (var summary in Filters.SelectMany(filter => Run(["--filter", filter])))
        {
            var table = new AccumulationLogger();
            MarkdownExporter.GitHub.ExportToLog(summary, table);
            report.Line($"## {summary.BenchmarksCases[0].Descriptor.Type.Name}");
            report.Line("");
            foreach (var row in table.GetLog().Split('\n').Select(row => row.TrimEnd()).Where(row => row.StartsWith('|')))
            {
                report.Line(row);
            }

            report.Line("");
        }

        return Task.CompletedTask;
    }

    public static IEnumerable<Summary> Run(string[] args)
    {
        // All contestants run in one process, so that a ratio never compares two machines' moods: only ratios count.
        var config = ManualConfig.CreateEmpty()
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.GitHub)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(12).WithMinIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(100)));
        return BenchmarkSwitcher.FromAssembly(typeof(Picking).Assembly).Run(args, config);
    }
}
