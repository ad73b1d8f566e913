using System.Diagnostics;
using System.Text;
using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Watching;

/// <summary>From a registration's acknowledgement until a subscriber has it, against a bare stream and bare blocking queries that hear of the same registration.</summary>
internal static class Propagation
{
    // Apart enough that Consul's queries are not paced: that is what churn is about.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(80);

    private const int Changes = 200;

    public static async Task RunAsync(Report report)
    {
        report.Line("| | after ack, µs p50 | p99 | from before the write, µs p50 | p50 × limit | p99 × limit | seen |");
        report.Line("|---|--:|--:|--:|--:|--:|--:|");
        await OfEtcdAsync(report);
        await OfConsulAsync(report);
    }

    private static async Task OfEtcdAsync(Report report)
    {
        await using var server = await EtcdServer.StartAsync();
        using var bare = new EtcdStream(server.Endpoint);
        await MeasureAsync(report, "etcd", Providers.Of(server), bare.WatchAsync, id => bare.PutAsync(id, Providers.EtcdValue(id)));
    }

    private static async Task OfConsulAsync(Report report)
    {
        await using var server = await ConsulServer.StartAsync();
        using var bare = new ConsulQueries(server.Address);
        await MeasureAsync(
            report, "Consul", Providers.Of(server),
            (note, token) => bare.WatchAsync(body => NoteLatest(body, note), token),
            id => bare.RegisterAsync(Providers.ConsulRegistration(id)));
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

    private static async Task MeasureAsync(
        Report report, string name, KeyValuePair<string, string?>[] settings, Func<Action<string>, CancellationToken, Task> limit, Func<string, Task> register)
    {
        await using var ours = Providers.Client(settings);
        using var ending = new CancellationTokenSource();
        var (bare, known) = (new Arrivals(), new Arrivals());
        var watching = Task.WhenAll(limit(bare.Note, ending.Token), known.FollowAsync(ours.GetRequiredService<IServiceDiscovery>(), ending.Token));
        await register("p-first");
        await Task.WhenAll(bare.OfAsync("p-first"), known.OfAsync("p-first"));
        List<(double Ack, double Bare, double Ours)> taken = [];
        for (var i = 0; i < Changes; i++)
        {
            await Task.Delay(Pause, TimeProvider.System);
            var began = Stopwatch.GetTimestamp();
            await register($"p-{i}");
            var acknowledged = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            var seen = await Task.WhenAll(bare.OfAsync($"p-{i}"), known.OfAsync($"p-{i}"));
            taken.Add((acknowledged, Stopwatch.GetElapsedTime(began, seen[0]).TotalMicroseconds, Stopwatch.GetElapsedTime(began, seen[1]).TotalMicroseconds));
        }

        await ending.CancelAsync();
        await watching;
        Row(report, $"{name}, bare", taken, one => one.Bare);
        Row(report, $"**{name}, ours**", taken, one => one.Ours);
    }

    private static void Row(Report report, string name, List<(double Ack, double Bare, double Ours)> taken, Func<(double Ack, double Bare, double Ours), double> of)
    {
        var (p50, p99) = (taken.Select(of).Median(), taken.Select(of).At(0.99));
        report.Line($"| {name} | {taken.Select(one => of(one) - one.Ack).Median():0} | {taken.Select(one => of(one) - one.Ack).At(0.99):0} | {p50:0} | {p50 / taken.Select(one => one.Bare).Median():0.00} | {p99 / taken.Select(one => one.Bare).At(0.99):0.00} | {taken.Count} of {Changes} |");
    }
}
