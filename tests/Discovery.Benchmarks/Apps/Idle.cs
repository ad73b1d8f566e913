using Discovery.Benchmarks.Harness;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Benchmarks.Apps;

/// <summary>What a process costs that watches a hundred services in which nothing happens.</summary>
internal static class Idle
{
    // The JIT goes on for a minute: it compiles anew what has been called thirty times, in an idle process as in a busy one, and would be most of what is measured.
    private static readonly TimeSpan Settling = Pace.Of(TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(5));
    private static readonly TimeSpan Measured = Pace.Of(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(10));
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Report report)
    {
        await using var consul = await ConsulServer.StartAsync();
        await using var etcd = await EtcdServer.StartAsync();
        using var folder = new TemporaryFolder();
        KeyValuePair<string, string?>[] local = [new("Discovery:Provider", "Local"), new("Discovery:Local:Directory", folder.Path), new("Discovery:Client:CacheDirectory", "")];
        await using var empty = await ChildApp.StartAsync("empty");
        await using var onLocal = await ChildApp.StartAsync("watching", local);
        await using var onConsul = await ChildApp.StartAsync("watching", Providers.Of(consul));
        await using var onEtcd = await ChildApp.StartAsync("watching", Providers.Of(etcd));
        (string Name, ChildApp App)[] apps = [("empty", empty), ("Local", onLocal), ("Consul", onConsul), ("etcd", onEtcd)];

        // All at the same time: the machine's mood is the same for each.
        await Task.Delay(Settling, TimeProvider.System);
        var before = apps.Select(app => app.App.Use).ToArray();
        var wakeUps = await Task.WhenAll(apps.Select(app => WakeUpsAsync(app.App)));
        var after = apps.Select(app => app.App.Use).ToArray();
        report.Line("| watching 100 quiet services | CPU ms/s | wake-ups/s | RSS MiB |");
        report.Line("|---|--:|--:|--:|");
        for (var i = 0; i < apps.Length; i++)
        {
            var cpu = (after[i].CpuMilliseconds - before[i].CpuMilliseconds) / Measured.TotalSeconds;
            report.Line($"| {apps[i].Name} | {cpu:0.00} | {wakeUps[i] / Measured.TotalSeconds:0} | {after[i].ResidentMiB:0.0} |");
        }
    }

    // Step by step, since idle threads of the pool end after a while and take their counts with them.
    private static async Task<long> WakeUpsAsync(ChildApp app)
    {
        var sum = 0L;
        var before = app.WakeUps;
        for (var passed = TimeSpan.Zero; passed < Measured; passed += Step)
        {
            await Task.Delay(Step, TimeProvider.System);
            var now = app.WakeUps;
            sum += now.Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key));
            before = now;
        }

        return sum;
    }
}
