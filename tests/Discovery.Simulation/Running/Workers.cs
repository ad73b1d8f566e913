using System.Diagnostics;
using System.Globalization;

namespace Discovery.Simulation.Running;

/// <summary>Splits the seeds among processes of one worker thread and one processor each, and passes on what they say.</summary>
internal static class Workers
{
    /// <returns>The exit code: 0 where no seed failed.</returns>
    public static async Task<int> RunAsync(CommandLine arguments)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var workers = Enumerable.Range(0, arguments.Workers).Select(i => Start(arguments, i)).ToList();
        var codes = await Task.WhenAll(workers.Select(worker => EndAsync(worker, workers)));
        if (!arguments.Traces && arguments.Bugs.Count == 0)
        {
            var took = TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"seeds {arguments.First}-{arguments.Last} in {took} s: {(codes.All(code => code == 0) ? "no invariant was broken" : "FAILED")}");
        }

        return codes.Contains(1) ? 1 : codes.Max();
    }

    private static Process Start(CommandLine arguments, int worker)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList =
            {
                typeof(Workers).Assembly.Location,
                CommandLine.WorkerOption,
                "--seeds", string.Create(CultureInfo.InvariantCulture, $"{arguments.First + worker}-{arguments.Last}"),
                "--step", arguments.Workers.ToString(CultureInfo.InvariantCulture),
            },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet")
        {
            start.ArgumentList.RemoveAt(0); // started by its own executable, not by dotnet
        }

        foreach (var (option, isSet) in (ReadOnlySpan<(string, bool)>)[("--trace", arguments.Traces), ("--hashes", arguments.Hashes)])
        {
            if (isSet)
            {
                start.ArgumentList.Add(option);
            }
        }

        if (arguments.Registry is { } registry)
        {
            start.ArgumentList.Add("--registry");
            start.ArgumentList.Add(registry.ToString());
        }

        if (arguments.Bugs.Count > 0)
        {
            start.ArgumentList.Add("--bugs");
            start.ArgumentList.Add(string.Join(',', arguments.Bugs));
        }

        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1"; // what is striped by processor has one stripe
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0"; // or one processor is kept from compiling well while it still compiles at all
        return Process.Start(start)!;
    }

    // One seed that fails is enough to look at.
    private static async Task<int> EndAsync(Process worker, List<Process> all)
    {
        await worker.WaitForExitAsync();
        if (worker.ExitCode != 0)
        {
            all.ForEach(other => other.Kill());
        }

        return worker.ExitCode;
    }
}
