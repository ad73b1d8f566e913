using System.Diagnostics;
using System.Globalization;
using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Watching;

/// <summary>What a watcher pays for one service in which a hundred instances change each second, against a bare watcher that keeps nothing.</summary>
internal static class Churn
{
    private const int ChangesPerSecond = 100;
    private static int s_version;
    private static readonly TimeSpan Measured = Pace.Of(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));

    public static async Task RunAsync(Report report)
    {
        report.Line("One process makes the changes and watches; what it uses without a watcher is taken off.");
        report.Line("");
        report.Line("| registry, instances | watcher | updates seen | CPU µs per change | bytes allocated per change | converged after |");
        report.Line("|---|---|--:|--:|--:|--:|");
        foreach (var count in (int[])[100, 1_000, 10_000])
        {
            await using var server = await EtcdServer.StartAsync();
            using var bare = new EtcdStream(server.Endpoint);
            await bare.FillAsync(Enumerable.Range(0, count).Select(Id));
            var change = (int i) => bare.PutAsync(Id(i % count), Value(Id(i % count), Version()));
            var none = await MeasureAsync(change, null);
            await RowAsync(report, "etcd", count, "bare stream", none, change, (seen, token) => bare.WatchAsync(_ => seen(), token));
            await RowAsync(report, "etcd", count, "**ours**", none, change, (seen, token) => FollowAsync(Providers.Of(server), seen, token));
        }

        foreach (var count in (int[])[100, 1_000, 10_000])
        {
            await using var server = await ConsulServer.StartAsync();
            using var bare = new ConsulQueries(server.Address);
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await bare.RegisterAsync(Registration(i, 0)));
            var change = (int i) => bare.RegisterAsync(Registration(i % count, Version()));
            var none = await MeasureAsync(change, null);
            await RowAsync(report, "Consul", count, "bare queries, unpaced", none, change, (seen, token) => bare.WatchAsync(_ => seen(), token));
            await RowAsync(report, "Consul", count, "**ours**, paced", none, change, (seen, token) => FollowAsync(Providers.Of(server), seen, token));
        }
    }

    // A value that was there before is no change, and is not told to anybody.
    private static int Version() => Interlocked.Increment(ref s_version);

    private static string Id(int i) => "c-" + i.ToString(CultureInfo.InvariantCulture);

    private static string Value(string id, int version) => Providers.EtcdValue(id).Replace("1.0", version.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Registration(int i, int version) => $$$"""{"ID":"{{{Id(i)}}}","Name":"orders","Address":"10.0.0.1","Port":8080,"Meta":{"version":"{{{version}}}"}}""";

    private static async Task RowAsync(
        Report report, string registry, int count, string watcher, Cost none, Func<int, Task> change, Func<Action, CancellationToken, Task> watch)
    {
        var cost = await MeasureAsync(change, watch);
        report.Line($"| {registry}, {count} | {watcher} | {cost.Updates} of {cost.Changes} | {cost.Cpu - none.Cpu:0} | {cost.Bytes - none.Bytes:0} | {cost.ConvergedAfter:0} ms |");
    }

    private static async Task<Cost> MeasureAsync(Func<int, Task> change, Func<Action, CancellationToken, Task>? watch)
    {
        using var ending = new CancellationTokenSource();
        var updates = 0;
        var lastUpdate = 0L;
        var watching = watch?.Invoke(
            () =>
            {
                Interlocked.Increment(ref updates);
                Volatile.Write(ref lastUpdate, Stopwatch.GetTimestamp());
            },
            ending.Token) ?? Task.CompletedTask;
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        GC.Collect();
        Interlocked.Exchange(ref updates, 0);
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var began = Stopwatch.GetTimestamp();
        var changes = 0;
        while (Stopwatch.GetElapsedTime(began) < Measured)
        {
            await change(changes++);
            var due = TimeSpan.FromSeconds((double)changes / ChangesPerSecond) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(due, TimeProvider.System);
            }
        }

        // What is paced comes later; the last update after the last change is the whole.
        var ended = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        var cost = new Cost(
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / changes, (GC.GetTotalAllocatedBytes() - bytes) / (double)changes,
            Volatile.Read(ref updates), changes, Math.Max(0, Stopwatch.GetElapsedTime(ended, Volatile.Read(ref lastUpdate)).TotalMilliseconds));
        await ending.CancelAsync();
        await watching;
        return cost;
    }

    private static async Task FollowAsync(KeyValuePair<string, string?>[] settings, Action seen, CancellationToken cancellationToken)
    {
        await using var ours = Providers.Client(settings);
        try
        {
            await foreach (var snapshot in ours.GetRequiredService<IServiceDiscovery>().WatchAsync("orders", cancellationToken))
            {
                seen();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    private sealed record Cost(double Cpu, double Bytes, int Updates, int Changes, double ConvergedAfter);
}
