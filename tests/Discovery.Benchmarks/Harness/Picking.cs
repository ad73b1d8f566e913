using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Discovery.Benchmarks.Harness;

/// <summary>The benchmarks of BenchmarkDotNet: picks and handlers.</summary>
internal static class Picking
{
    public static void Run(string[] args)
    {
        // All contestants run in one process, so that a ratio never compares two machines' moods: only ratios count.
        var config = ManualConfig.CreateEmpty()
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.GitHub)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(4).WithIterationCount(12).WithMinIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(100)));
        BenchmarkSwitcher.FromAssembly(typeof(Picking).Assembly).Run(args, config);
    }
}
