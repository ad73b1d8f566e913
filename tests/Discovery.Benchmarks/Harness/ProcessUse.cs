using System.Globalization;
using System.Runtime.InteropServices;

namespace Discovery.Benchmarks.Harness;

/// <summary>What a process has used of the machine, as Linux counts it.</summary>
/// <param name="CpuMilliseconds">Of all its threads, in user and kernel.</param>
/// <param name="WakeUps">How often one of its threads went to sleep, and so was woken.</param>
/// <param name="ResidentMiB">Memory in use.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessUse(double CpuMilliseconds, long WakeUps, double ResidentMiB)
{
    public static ProcessUse Of(int id)
    {
        var cpu = 0.0;
        var wakeUps = 0L;
        foreach (var task in Directory.GetDirectories($"/proc/{id}/task"))
        {
            try
            {
                // In nanoseconds; the ticks of /proc/stat are too coarse for an idle process.
                cpu += double.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
                wakeUps += Number(File.ReadLines(Path.Combine(task, "status")), "voluntary_ctxt_switches:");
            }
            catch (IOException)
            {
                // The thread has ended since it was listed, and took its counters with it.
            }
        }

        return new(cpu, wakeUps, Number(File.ReadLines($"/proc/{id}/status"), "VmRSS:") / 1024.0);
    }

    private static long Number(IEnumerable<string> lines, string name) =>
        long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
