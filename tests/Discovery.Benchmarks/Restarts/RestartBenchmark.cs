using Discovery.Testing;

namespace Discovery.Benchmarks.Restarts;

/// <summary>What callers notice of copies that are restarted or killed, ours beside Microsoft.Extensions.ServiceDiscovery in one run.</summary>
internal static class RestartBenchmark
{
    /// <summary>The verb that runs it, followed by the registries to run on; all where none is named.</summary>
    public const string Verb = "restarts";

    private const int Kills = 2;

    // Longer than Consul takes to find a copy dead: three missed beats of 5 s, or the second check of 10 s.
    private static readonly TimeSpan LookOn = TimeSpan.FromSeconds(22);

    public static async Task RunAsync(IReadOnlyList<string> registries)
    {
        var report = new RestartReport();
        foreach (var name in registries.Count > 0 ? registries : ["Consul", "Consul, HTTP check", "Etcd", "Local"])
        {
            await using var registry = await Registry.StartAsync(name);
            await using var run = new RestartRun(registry, report);
            await run.StartAsync();
            if (name != "Consul, HTTP check")
            {
                await run.RollAsync(samePort: false);
                await run.RollAsync(samePort: true);
            }

            for (var i = 0; i < Kills; i++)
            {
                await run.KillAsync(i, registry.Consul is null ? LookOn / 2 : LookOn);
            }
        }

        var path = Path.Combine(RepositoryFiles.Root, "tests", "Discovery.Benchmarks", "results", "restarts.md");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, report.ToString());
        Console.WriteLine(report);
    }
}
