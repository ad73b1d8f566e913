using System.Diagnostics;
using System.Globalization;

namespace Discovery.EndToEnd.Tests.FailureMatrix;

/// <summary>What a process has used and holds at a moment, as Linux accounts for it.</summary>
/// <param name="Cpu">Processor time so far.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="Descriptors">Its open files and sockets.</param>
/// <param name="Resident">Its memory that is not swapped out, in bytes.</param>
/// <param name="At">When this was.</param>
public sealed record ProcessCost(TimeSpan Cpu, int Threads, int Descriptors, long Resident, long At)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on all of Linux's usual architectures

    public static ProcessCost Of(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from the third field of proc(5) on
        return new(
            TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond),
            Directory.GetDirectories($"/proc/{processId}/task").Length,
            Directory.GetFiles($"/proc/{processId}/fd").Length,
            Number(File.ReadAllText($"/proc/{processId}/statm").Split(' ')[1]) * Environment.SystemPageSize,
            Stopwatch.GetTimestamp());
    }

    /// <summary>How much of one processor was used since an earlier moment: 1 is all of it.</summary>
    public double LoadSince(ProcessCost earlier) => (Cpu - earlier.Cpu) / Stopwatch.GetElapsedTime(earlier.At, At);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
