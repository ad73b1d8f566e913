using System.Globalization;
using Discovery.Simulation.Invariants;
using Discovery.Simulation.Scheduling;

namespace Discovery.Simulation.Running;

/// <summary>Runs seeds one after the other, up to the first that fails.</summary>
internal static class Worker
{
    /// <summary>Exceptions that nobody observed are found when what threw them is collected, which is too costly after each seed.</summary>
    private const int SeedsPerCollection = 100;

    /// <summary>Where a build that has bugs planted in it reads which of them is active.</summary>
    private const string Bug = "Discovery.Simulation.Bug";

    private static Exception? s_unobserved;

    /// <returns>The exit code: 1 where a seed failed.</returns>
    public static async Task<int> RunAsync(CommandLine arguments)
    {
        OneThread.Require();
        TaskScheduler.UnobservedTaskException += (_, e) => Volatile.Write(ref s_unobserved, e.Exception);
        await Task.Yield(); // from the main thread to the pool's
        using var watchdog = new Watchdog();
        return arguments.Bugs.Count == 0 ? await RunSeedsAsync(arguments, watchdog) : await RunBugsAsync(arguments, watchdog);
    }

    // One process for many bugs: what a process costs to be compiled is more than most bugs take to be found.
    private static async Task<int> RunBugsAsync(CommandLine arguments, Watchdog watchdog)
    {
        foreach (var bug in arguments.Bugs)
        {
            Console.WriteLine($"bug {bug}");
            AppContext.SetData(Bug, bug);
            await RunSeedsAsync(arguments, watchdog);
            if (!await OneThread.SettleAsync())
            {
                return 1; // what runs on would do so beside the next
            }

            _ = FindUnobserved();
            _ = FindUnobserved(); // what the finalizers of the first let go of
            Volatile.Write(ref s_unobserved, null);
        }

        return 0;
    }

    private static async Task<int> RunSeedsAsync(CommandLine arguments, Watchdog watchdog)
    {
        var isAlone = arguments.First == arguments.Last;
        var ran = 0;
        for (var seed = arguments.First; seed <= arguments.Last; seed += arguments.Step)
        {
            if (arguments.Registry is { } registry && Simulation.RegistryOf(seed) != registry)
            {
                continue;
            }

            watchdog.Begin(seed);
            var simulation = new Simulation(seed, arguments.Traces ? Console.Out : null);
            await simulation.RunAsync();
            if (arguments.Hashes)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed} {simulation.Trace.Hash:x16} {simulation.Trace.Count}"));
            }

            if (simulation.Violation is not null)
            {
                Report(seed, simulation, arguments);
                return 1;
            }

            if ((++ran % SeedsPerCollection == 0 || isAlone) && FindUnobserved() is { } unobserved)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one of the last {SeedsPerCollection} seeds up to {seed} breaks {Invariant.NothingBreaks.Name}: unobserved was {unobserved}"));
                return 1;
            }
        }

        return FindUnobserved() is null ? 0 : 1;
    }

    /// <summary>Says that a seed does not end.</summary>
    public static void ReportSpin(int seed) =>
        Report(seed, new Violation(Invariant.NobodySpins, TimeSpan.Zero, "Something runs on and never waits: nothing else has run for a minute."));

    private static Exception? FindUnobserved()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Volatile.Read(ref s_unobserved);
    }

    private static void Report(int seed, Simulation simulation, CommandLine arguments)
    {
        if (!arguments.Traces)
        {
            foreach (var line in simulation.Trace.Tail)
            {
                Console.WriteLine(line);
            }
        }

        Report(seed, simulation.Violation!);
    }

    private static void Report(int seed, Violation violation)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed} breaks {violation.Invariant.Name}: {violation.Invariant.Sentence}"));
        Console.WriteLine(violation.How);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"replay: dotnet run -c Release --project tests/Discovery.Simulation -- --seed {seed} --trace"));
    }
}
