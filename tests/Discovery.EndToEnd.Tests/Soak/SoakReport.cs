using System.Collections.Concurrent;
using System.Globalization;
using Discovery.EndToEnd.Tests.FailureMatrix;

namespace Discovery.EndToEnd.Tests.Soak;

/// <summary>Tells what a soak does while it does it, and in the end what it has measured, as the documentation carries it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class SoakReport(int seed)
{
    private readonly ConcurrentDictionary<string, (int Times, TimeSpan Slowest)> _rows = new();
    private string _versions = "";
    private long _calls;
    private long _failedCalls;

    /// <summary>What is told meanwhile, a line a step.</summary>
    public static string LogPath => Path.Combine(AppContext.BaseDirectory, "soak.log");

    /// <summary>What is told in the end.</summary>
    public static string ReportPath => Path.Combine(AppContext.BaseDirectory, "soak.md");

    public int Steps { get; private set; }

    public void Begin(string versions)
    {
        _versions = versions;
        File.WriteAllText(LogPath, $"Seed {seed}; {versions}\n");
    }

    public void Step(SoakPart? consul, SoakPart? etcd) =>
        Write($"{DateTimeOffset.UtcNow:HH:mm:ss} step {++Steps}: {Describe(consul, "Consul")} | {Describe(etcd, "Etcd")}");

    public void Recovered(Row row, TimeSpan after) => _rows.AddOrUpdate(
        row.ToString(), (1, after), (_, known) => (known.Times + 1, after > known.Slowest ? after : known.Slowest));

    public void Called(Phase phase)
    {
        _calls += phase.Calls;
        _failedCalls += phase.FailedCalls;
        Write($"         well again; {phase}");
    }

    public void End(TimeSpan lasted, SoakMeasurements measurements)
    {
        var played = _rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"| {row.Key} | {row.Value.Times} | {row.Value.Slowest.TotalSeconds:0.0} s |");
        File.WriteAllText(ReportPath, string.Create(CultureInfo.InvariantCulture, $"""
            {DateTimeOffset.UtcNow:yyyy-MM-dd}, seed {seed}, {lasted.TotalMinutes:0.0} minutes, {Steps} steps, {_rows.Values.Sum(row => row.Times)} faults; {_versions}.
            The caller in both registries made {_calls} calls, and {_failedCalls} failed; one may fail only while a copy hangs.

            | Measured | At first | Second half, median | Highest | Growth over the second half | Allowed |
            |---|--:|--:|--:|--:|--:|
            {string.Join('\n', measurements.All)}

            | Fault | Times | Slowest recovery |
            |---|--:|--:|
            {string.Join('\n', played)}

            """));
        Write(File.ReadAllText(ReportPath));
    }

    private static string Describe(SoakPart? part, string registry) => part is null
        ? $"{registry}: nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{part.Row} (after {part.Offset.TotalSeconds:0.0} s, for {part.Row.Lasts.TotalSeconds:0.0} s)");

    private static void Write(string line) => File.AppendAllText(LogPath, line + "\n");
}
