using System.Globalization;
using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;

namespace Discovery.Benchmarks.Watching;

/// <summary>What a watcher pays for one service in which a hundred instances change each second, against a bare watcher that keeps nothing.</summary>
internal static class Churn
{
    // The JIT goes on compiling anew what is called for each change, and would be most of what is measured.
    private static readonly TimeSpan Warming = Pace.Of(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(3));
    private static readonly TimeSpan Measured = Pace.Of(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(3));

    // What is paced comes later.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(Report report)
    {
        report.Line("Each watcher is a process of its own. Those of etcd watch the same changes at the same time; those of Consul one after another, as they load the server differently.");
        report.Line("");
        report.Line("| registry, instances | watcher | updates seen | CPU µs per change | × bare | bytes allocated per change | received per change | server CPU ms/s over the changes alone | last update after the last change | knows the last change |");
        report.Line("|---|---|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (var count in (int[])[100, 1_000, 10_000])
        {
            await OfEtcdAsync(report, count);
        }

        foreach (var count in (int[])[100, 1_000, 10_000])
        {
            await OfConsulAsync(report, count);
        }
    }

    private static async Task OfEtcdAsync(Report report, int count)
    {
        await using var server = await EtcdServer.StartAsync();
        using var bare = new EtcdStream(server.Endpoint);
        await bare.FillAsync(Enumerable.Range(0, count).Select(Id));
        await using var changes = new SteadyChanges(version => bare.PutAsync(Id(version % count), EtcdValue(Id(version % count), version)));
        await using var limit = await WatcherProcess.StartAsync("bare stream", ChurnWatcher.BareEtcd, server.Endpoint);
        await using var peer = await WatcherProcess.StartAsync("dotnet-etcd, array rebuilt", ChurnWatcher.DotnetEtcd, server.Endpoint);
        await using var ours = await WatcherProcess.StartAsync("**ours**", ChurnWatcher.OursOnEtcd, server.Endpoint);
        Rows(report, $"etcd, {count}", await MeasureAsync(changes, () => 0, limit, peer, ours));
    }

    private static async Task OfConsulAsync(Report report, int count)
    {
        await using var server = await ConsulServer.StartAsync();
        using var bare = new ConsulQueries(server.Address);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await bare.WriteToCatalogAsync(ConsulRegistration(i, 0)));
        await using var changes = new SteadyChanges(version => bare.WriteToCatalogAsync(ConsulRegistration(version % count, version)));
        var serverCpu = () => ProcessUse.Of(server.ProcessId).CpuMilliseconds;
        var unwatched = await UnwatchedAsync(changes, serverCpu);
        List<Cost> costs = [];
        foreach (var (name, kind) in ((string, string)[])[("bare queries, unpaced", ChurnWatcher.BareConsul), ("**ours**, paced", ChurnWatcher.OursOnConsul)])
        {
            await using var watcher = await WatcherProcess.StartAsync(name, kind, server.Address);
            costs.AddRange(await MeasureAsync(changes, serverCpu, watcher));
        }

        Rows(report, $"Consul, {count}", [.. costs.Select(cost => cost with { ServerCpu = cost.ServerCpu - unwatched })]);
    }

    // What the changes alone cost the server.
    private static async Task<double> UnwatchedAsync(SteadyChanges changes, Func<double> serverCpu)
    {
        changes.Resume();
        await Task.Delay(Settling, TimeProvider.System);
        var perSecond = await RateAsync(serverCpu);
        await changes.PauseAsync();
        return perSecond;
    }

    /// <summary>By how much a count grows in a second, over as long as is measured.</summary>
    private static async Task<double> RateAsync(Func<double> count)
    {
        var (before, began) = (count(), TimeProvider.System.GetTimestamp());
        await Task.Delay(Measured, TimeProvider.System);
        return (count() - before) / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<Cost[]> MeasureAsync(SteadyChanges changes, Func<double> serverCpu, params WatcherProcess[] watchers)
    {
        changes.Resume();
        await Task.Delay(Warming, TimeProvider.System);
        var before = await Task.WhenAll(watchers.Select(watcher => watcher.NextUseAsync()));
        var received = watchers.Select(watcher => watcher.Received).ToArray();
        var server = await RateAsync(serverCpu);
        await changes.PauseAsync();
        await Task.Delay(Settling, TimeProvider.System);
        var after = await Task.WhenAll(watchers.Select(watcher => watcher.NextUseAsync()));
        var receivedAfter = watchers.Select(watcher => watcher.Received).ToArray();
        var known = await Task.WhenAll(watchers.Select(watcher => watcher.EndAsync()));
        return [.. watchers.Select((watcher, i) =>
        {
            var made = changes.MadeSince(before[i].At);
            return new Cost(
                watcher.Name,
                after[i].Updates - before[i].Updates,
                made,
                (after[i].CpuMicroseconds - before[i].CpuMicroseconds) / made,
                (after[i].Bytes - before[i].Bytes) / (double)made,
                (receivedAfter[i] - received[i]) / (double)made,
                server,
                new TimeSpan(Math.Max(0, after[i].LastUpdateAt - changes.LastAt)).TotalMilliseconds,
                known[i] is { } version ? version == changes.LastVersion : null);
        })];
    }

    private static void Rows(Report report, string registry, IReadOnlyList<Cost> costs)
    {
        foreach (var cost in costs)
        {
            report.Line(
                $"| {registry} | {cost.Watcher} | {cost.Updates} of {cost.Changes} | {cost.Cpu:0} | {cost.Cpu / costs[0].Cpu:0.00} | {cost.Bytes:0} | {cost.Received:0} "
                + $"| {(cost.ServerCpu == 0 ? "" : cost.ServerCpu.ToString("0", CultureInfo.InvariantCulture))} | {cost.ConvergedAfter:0} ms | {cost.KnowsLast switch { true => "yes", false => "**no**", null => "" }} |");
        }
    }

    private static string Id(int i) => "c-" + i.ToString(CultureInfo.InvariantCulture);

    private static string EtcdValue(string id, int version) => Providers.EtcdValue(id).Replace("1.0", version.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string ConsulRegistration(int i, int version) =>
        $$$$"""{"Node":"elsewhere","Address":"10.0.0.1","Service":{"ID":"{{{{Id(i)}}}}","Service":"orders","Address":"10.0.0.1","Port":8080,"Meta":{"version":"{{{{version}}}}"}},"Check":{"CheckID":"service:{{{{Id(i)}}}}","Name":"TTL","ServiceID":"{{{{Id(i)}}}}","Status":"passing"}}""";

    private sealed record Cost(
        string Watcher, long Updates, int Changes, double Cpu, double Bytes, double Received, double ServerCpu, double ConvergedAfter, bool? KnowsLast);
}
