using System.Collections.Concurrent;
using System.Diagnostics;

namespace Discovery.Testing.Processes;

/// <summary>Starts processes that do not outlive this one.</summary>
/// <remarks>
/// setpriv asks the kernel to kill the child with its parent, even where that is killed itself. To the kernel the parent is
/// the thread that started the child, so all are started by one thread that never ends.
/// </remarks>
internal static class Spawner
{
    private static readonly string? Setpriv = FindOnPath("setpriv");
    private static readonly BlockingCollection<Action> Starts = [];
    private static readonly ConcurrentDictionary<Process, bool> Living = new();

    static Spawner()
    {
        new Thread(() =>
        {
            foreach (var start in Starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "Spawner" }.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
    }

    public static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        if (Setpriv is not null)
        {
            foreach (var argument in new[] { start.FileName, "--", "KILL", "--pdeathsig" }) // inserted in front, so the last comes first
            {
                start.ArgumentList.Insert(0, argument);
            }

            start.FileName = Setpriv;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Start(start));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static Process Start(ProcessStartInfo start)
    {
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => Living.TryRemove(process, out _);
        process.Start();
        Living.TryAdd(process, true);
        if (process.HasExited)
        {
            Living.TryRemove(process, out _);
        }

        return process;
    }

    private static void KillAll()
    {
        foreach (var process in Living.Keys)
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // it has exited, and was disposed, since the list was read
            }
        }
    }
}
