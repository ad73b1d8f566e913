using System.Globalization;
using System.Runtime.InteropServices;

namespace Discovery.Benchmarks.Harness;

/// <summary>What a process has used of the machine, as Linux counts it.</summary>
/// <param name="CpuMilliseconds">Of all its threads, those that have ended included, in user and kernel; in steps of ten.</param>
/// <param name="ResidentMiB">Memory in use.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessUse(double CpuMilliseconds, double ResidentMiB)
{
    private const double MillisecondsPerTick = 10;

    public static ProcessUse Of(int id)
    {
        // The fields after the name, which may hold spaces: the state is the first, the times in user and kernel are the twelfth and thirteenth.
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new(ticks * MillisecondsPerTick, Number(File.ReadLines($"/proc/{id}/status"), "VmRSS:") / 1024.0);
    }

    /// <summary>How often each of its threads went to sleep, and so was woken. A thread that ends takes its count with it.</summary>
    public static IReadOnlyDictionary<string, long> WakeUps(int id)
    {
        var wakeUps = new Dictionary<string, long>();
        foreach (var task in Directory.GetDirectories($"/proc/{id}/task"))
        {
            try
            {
                wakeUps[task] = Number(File.ReadLines(Path.Combine(task, "status")), "voluntary_ctxt_switches:");
            }
            catch (IOException)
            {
                // The thread has ended since it was listed.
            }
        }

        return wakeUps;
    }

    private static long Number(IEnumerable<string> lines, string name) =>
        long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
