using System.Diagnostics;
using System.Text;
using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Watching;

/// <summary>From a registration's acknowledgement until a subscriber has it, against a bare stream and bare blocking queries. One watches at a time, in turns.</summary>
internal static class Propagation
{
    // Apart enough that Consul's queries are not paced: that is what churn is about.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(80);

    // What is compiled at first, and anew after a while, is not measured.
    private static readonly int WarmingRounds = Pace.IsQuick ? 1 : 3;
    private static readonly int Rounds = Pace.IsQuick ? 1 : 8;

    private const int ChangesOfRound = 40;

    public static async Task RunAsync(Report report)
    {
        report.Line($"{Rounds} rounds of {ChangesOfRound} registrations each, bare and ours in turns, so that neither waits for the other's answer.");
        report.Line("");
        report.Line("| | after ack, µs p50 [rounds] | p99 | from before the write, µs p50 | p50 × limit | p99 × limit | seen |");
        report.Line("|---|--:|--:|--:|--:|--:|--:|");
        await OfEtcdAsync(report);
        await OfConsulAsync(report);
    }

    private static async Task OfEtcdAsync(Report report)
    {
        await using var server = await EtcdServer.StartAsync();
        using var bare = new EtcdStream(server.Endpoint);
        var registry = new Registry("etcd", id => bare.PutAsync(id, Providers.EtcdValue(id)), bare.DeleteAsync);
        await MeasureAsync(report, registry, bare.WatchAsync, Providers.Of(server));
    }

    private static async Task OfConsulAsync(Report report)
    {
        await using var server = await ConsulServer.StartAsync();
        using var bare = new ConsulQueries(server.Address);
        var registry = new Registry("Consul", id => bare.RegisterAsync(Providers.ConsulRegistration(id)), bare.DeregisterAsync);
        await MeasureAsync(report, registry, (note, token) => bare.WatchAsync(body => NoteLatest(body, note), token), Providers.Of(server));
    }

    // Each change adds one instance, so that the newest ID that the bare answer mentions is the one waited for.
    private static void NoteLatest(byte[] body, Action<string> note)
    {
        var text = Encoding.UTF8.GetString(body);
        for (var at = text.IndexOf("\"ID\":\"p-", StringComparison.Ordinal); at >= 0; at = text.IndexOf("\"ID\":\"p-", at + 1, StringComparison.Ordinal))
        {
            note(text[(at + 6)..text.IndexOf('"', at + 6)]);
        }
    }

    private static async Task MeasureAsync(Report report, Registry registry, Func<Action<string>, CancellationToken, Task> watchBare, KeyValuePair<string, string?>[] settings)
    {
        async Task WatchOursAsync(Arrivals seen, CancellationToken cancellationToken)
        {
            await using var ours = Providers.Client(settings);
            await seen.FollowAsync(ours.GetRequiredService<IServiceDiscovery>(), cancellationToken);
        }

        List<Arrival[]> bare = [];
        List<Arrival[]> known = [];
        for (var round = -WarmingRounds; round < Rounds; round++)
        {
            bare.Add(await RoundAsync(registry, (seen, token) => watchBare(seen.Note, token)));
            known.Add(await RoundAsync(registry, WatchOursAsync));
        }

        List<Arrival[]> limit = [.. bare.Skip(WarmingRounds)];
        Row(report, $"{registry.Name}, bare", limit, limit);
        Row(report, $"**{registry.Name}, ours**", [.. known.Skip(WarmingRounds)], limit);
    }

    private static async Task<Arrival[]> RoundAsync(Registry registry, Func<Arrivals, CancellationToken, Task> watch)
    {
        using var ending = new CancellationTokenSource();
        var seen = new Arrivals();
        var watching = Task.Run(() => watch(seen, ending.Token));
        await UntilWatchedAsync(registry, seen.OfAsync("p-first"));
        var taken = new Arrival[ChangesOfRound];
        for (var i = 0; i < ChangesOfRound; i++)
        {
            await Task.Delay(Pause, TimeProvider.System);
            var began = Stopwatch.GetTimestamp();
            await registry.RegisterAsync($"p-{i}");
            var acknowledged = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            taken[i] = new(acknowledged, Stopwatch.GetElapsedTime(began, await seen.OfAsync($"p-{i}")).TotalMicroseconds);
        }

        await ending.CancelAsync();
        await watching;
        foreach (var id in Enumerable.Range(0, ChangesOfRound).Select(i => $"p-{i}").Append("p-first"))
        {
            await registry.DeregisterAsync(id);
        }

        return taken;
    }

    // A watch that begins after a change does not hear of it.
    private static async Task UntilWatchedAsync(Registry registry, Task seen)
    {
        while (!seen.IsCompleted)
        {
            await registry.RegisterAsync("p-first");
            await Task.WhenAny(seen, Task.Delay(Pause, TimeProvider.System));
        }

        await seen;
    }

    private static void Row(Report report, string name, List<Arrival[]> rounds, List<Arrival[]> limit)
    {
        List<Arrival> taken = [.. rounds.SelectMany(round => round)];
        List<Arrival> floor = [.. limit.SelectMany(round => round)];
        double[] ofRounds = [.. rounds.Select(round => round.Select(one => one.AfterAck).Median())];
        var (p50, p99) = (taken.Select(one => one.Seen).Median(), taken.Select(one => one.Seen).At(0.99));
        report.Line(
            $"| {name} | {taken.Select(one => one.AfterAck).Median():0} [{ofRounds.Min():0}–{ofRounds.Max():0}] | {taken.Select(one => one.AfterAck).At(0.99):0} | {p50:0} "
            + $"| {p50 / floor.Select(one => one.Seen).Median():0.00} | {p99 / floor.Select(one => one.Seen).At(0.99):0.00} | {taken.Count} of {Rounds * ChangesOfRound} |");
    }

    private sealed record Registry(string Name, Func<string, Task> RegisterAsync, Func<string, Task> DeregisterAsync);

    /// <summary>When a registration was acknowledged and when it was seen, in µs from just before the write.</summary>
    private readonly record struct Arrival(double Acknowledged, double Seen)
    {
        public double AfterAck => Seen - Acknowledged;
    }
}
