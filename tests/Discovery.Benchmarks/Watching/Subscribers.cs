using System.Diagnostics;
using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Discovery.Benchmarks.Watching;

/// <summary>What an instance takes in memory, and what a subscriber that is slow does to one that is not.</summary>
internal static class Subscribers
{
    private const int Changes = 150;

    public static async Task RunAsync(Report report)
    {
        report.Line("| memory per instance that is known | bytes |");
        report.Line("|---|--:|");
        foreach (var count in (int[])[1_000, 10_000])
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await using var ours = Contestants.Ours(count, "RoundRobin");
            await ours.GetRequiredService<IServiceDiscovery>().GetInstancesAsync("orders");
            report.Line($"| {count} | {(GC.GetTotalMemory(forceFullCollection: true) - before) / count} |");
        }

        await using var server = await EtcdServer.StartAsync();
        var alone = await DelaysAsync(server, "a", isOtherSlow: false);
        var beside = await DelaysAsync(server, "b", isOtherSlow: true);
        report.Line("");
        report.Line("| a quick subscriber, from before the write (etcd) | µs p50 | p99 |");
        report.Line("|---|--:|--:|");
        report.Line($"| alone | {alone.Median():0} | {alone.At(0.99):0} |");
        report.Line($"| beside one that takes 2 s for each snapshot | {beside.Median():0} | {beside.At(0.99):0} |");
    }

    private static async Task<List<double>> DelaysAsync(EtcdServer server, string prefix, bool isOtherSlow)
    {
        using var bare = new EtcdStream(server.Endpoint);
        await using var ours = Providers.Client(Providers.Of(server));
        using var ending = new CancellationTokenSource();
        var discovery = ours.GetRequiredService<IServiceDiscovery>();
        var known = new Arrivals();
        Task[] following = isOtherSlow ? [known.FollowAsync(discovery, ending.Token), IdleThroughAsync(discovery, ending.Token)] : [known.FollowAsync(discovery, ending.Token)];
        List<double> taken = [];
        for (var i = 0; i < Changes; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            var (id, began) = ($"{prefix}-{i}", Stopwatch.GetTimestamp());
            await bare.PutAsync(id, Providers.EtcdValue(id));
            taken.Add(Stopwatch.GetElapsedTime(began, await known.OfAsync(id)).TotalMicroseconds);
        }

        await ending.CancelAsync();
        await Task.WhenAll(following);
        return taken;
    }

    private static async Task IdleThroughAsync(IServiceDiscovery discovery, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var snapshot in discovery.WatchAsync("orders", cancellationToken))
            {
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }
}
