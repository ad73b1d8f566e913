using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Discovery.Testing.Processes;

/// <summary>Sends signals to processes.</summary>
internal static partial class Signals
{
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(10);

    public static void Send(Process process, Signal signal)
    {
        if (!process.HasExited && Kill(process.Id, (int)signal) != 0)
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            if (!process.HasExited)
            {
                throw new InvalidOperationException($"{signal} could not be sent to process {process.Id}: {error}");
            }
        }

        if (signal == Signal.Stop && OperatingSystem.IsLinux())
        {
            WaitUntilStopped(process);
        }
    }

    /// <summary>A thread that runs elsewhere stops a moment after the signal was sent, and may answer a request until then.</summary>
    private static void WaitUntilStopped(Process process)
    {
        var sent = Stopwatch.GetTimestamp();
        while (!process.HasExited && !IsStopped(process))
        {
            if (Stopwatch.GetElapsedTime(sent) > StopBound)
            {
                throw new TimeoutException($"Process {process.Id} has not stopped within {StopBound}.");
            }

            Thread.Sleep(1);
        }
    }

    private static bool IsStopped(Process process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process.Id}/task").All(IsStopped);
        }
        catch (IOException)
        {
            return false; // a thread, or the process, has just ended: look again
        }
    }

    private static bool IsStopped(string thread)
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat")); // number (name) state and more; the name may hold anything
        return stat[stat.LastIndexOf(')') + 2] == 'T';
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Kill(int processId, int signal);
}
