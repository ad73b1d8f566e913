using System.Globalization;
using System.Text.RegularExpressions;

namespace Discovery.Benchmarks.Watching;

/// <summary>What a watcher has seen and used so far, as its process says it once a second.</summary>
/// <param name="At">When, in ticks of the machine's clock.</param>
/// <param name="Updates">How many updates it was given.</param>
/// <param name="LastUpdateAt">When the last one came.</param>
/// <param name="CpuMicroseconds">Of all its threads.</param>
/// <param name="Bytes">Allocated.</param>
internal sealed partial record WatcherUse(long At, long Updates, long LastUpdateAt, double CpuMicroseconds, long Bytes)
{
    public static WatcherUse Now(long updates, long lastUpdateAt) =>
        new(TimeProvider.System.GetUtcNow().Ticks, updates, lastUpdateAt, Environment.CpuUsage.TotalTime.TotalMicroseconds, GC.GetTotalAllocatedBytes());

    /// <summary>Reads a line; null where it is another one.</summary>
    public static WatcherUse? Parse(string line)
    {
        if (Line().Match(line) is not { Success: true } match)
        {
            return null;
        }

        long Number(int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return new(Number(1), Number(2), Number(3), Number(4), Number(5));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"use {At} {Updates} {LastUpdateAt} {CpuMicroseconds:0} {Bytes}");

    [GeneratedRegex("^use ([0-9]+) ([0-9]+) ([0-9]+) ([0-9]+) ([0-9]+)$")]
    private static partial Regex Line();
}
