using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Discovery.Benchmarks.Restarts;

/// <summary>Gathers what was seen into Markdown.</summary>
internal sealed class RestartReport
{
    private readonly StringBuilder _rolled = new("""
        | registry | restart | client | failed of calls | how |
        |---|---|---|--:|---|

        """);

    private readonly StringBuilder _killed = new("""
        | registry | client | failed of calls | of them begun after its end | under way between signal and end | s until the last failure | how |
        |---|---|--:|--:|--:|--:|---|

        """);

    private readonly StringBuilder _visible = new("""
        | registry | restart | from the start of its process | from when it listened |
        |---|---|--:|--:|

        """);

    public void Rolled(string registry, bool samePort, OpenLoop loop) => _rolled.AppendLine(
        CultureInfo.InvariantCulture, $"| {registry} | {Restart(samePort)} | {loop.Name} | {loop.Failures.Count} of {loop.Calls} | {How(loop)} |");

    public void Killed(string registry, OpenLoop loop, long killedAt, long endedAt, int underWay)
    {
        var last = loop.Failures.IsEmpty ? "–" : Seconds(Stopwatch.GetElapsedTime(killedAt, loop.Failures.Max(failure => failure.At)));
        _killed.AppendLine(CultureInfo.InvariantCulture, $"| {registry} | {loop.Name} | {loop.Failures.Count} of {loop.Calls} | {loop.Failures.Count(failure => failure.BegunAt > endedAt)} | {underWay} | {last} | {How(loop)} |");
    }

    public void Visible(string registry, bool samePort, List<TimeSpan> sinceStart, List<TimeSpan> sinceListening) =>
        _visible.AppendLine(CultureInfo.InvariantCulture, $"| {registry} | {Restart(samePort)} | {Range(sinceStart)} | {Range(sinceListening)} |");

    public override string ToString() => $"""
        # Restarts and crashes

        Three copies of `examples/QuickStart` with default settings, each a process of its own, and callers in one other process, each making 500 calls a second whether or not they are
        answered. All callers of a registry look at the same copies at the same time, so each row of a table saw the same events. Taken with
        `dotnet run -c Release --project tests/Discovery.Benchmarks -- restarts`, {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, .NET {Environment.Version}.
        "Consul" has the default TTL check (15 s); "Consul, HTTP check" one that the agent makes every 10 s. `AddDiscoveryHandler` sends again only what no instance has received.

        ## Restarted one after the other by SIGTERM

        {_rolled}
        ## Until a restarted copy is visible to callers

        {_visible}
        ## One of three killed by SIGKILL

        {_killed}
        """;

    private static string Restart(bool samePort) => samePort ? "same port" : "new port";

    private static string How(OpenLoop loop) => string.Join(", ", loop.Failures.CountBy(failure => failure.Reason).Select(reason => $"{reason.Value} {reason.Key}"));

    private static string Range(List<TimeSpan> times) => $"{Seconds(times.Min())} to {Seconds(times.Max())} s";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
