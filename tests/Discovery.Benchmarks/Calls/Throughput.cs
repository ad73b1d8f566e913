using System.Diagnostics;
using Discovery.Benchmarks.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Discovery.Benchmarks.Calls;

/// <summary>HTTP calls over three real instances: through the handler and the whole pipeline, against ready-made addresses that take turns.</summary>
internal static class Throughput
{
    private const int InFlight = 16;
    private const int Rounds = 15;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.7);

    public static async Task RunAsync(Report report)
    {
        await using var a = await ChildApp.StartAsync("empty");
        await using var b = await ChildApp.StartAsync("empty");
        await using var c = await ChildApp.StartAsync("empty");
        Uri[] addresses = [a.Address, b.Address, c.Address];
        await using var ours = Ours(addresses);
        var clients = ours.GetRequiredService<IHttpClientFactory>();
        using var plain = new HttpClient();
        using var handler = clients.CreateClient("handler");
        using var standard = clients.CreateClient("standard");
        using var pipeline = clients.CreateClient("pipeline");
        var next = 0;
        var name = new Uri("http://orders/");
        (string Name, Func<Task<HttpResponseMessage>> Call)[] contestants =
        [
            ("fixed rotation over three", () => plain.GetAsync(addresses[(uint)Interlocked.Increment(ref next) % 3])),
            ("AddDiscoveryHandler", () => handler.GetAsync(name)),
            ("AddDiscovery (retries, circuit, time-outs)", () => pipeline.GetAsync(name)),
            ("Microsoft's AddStandardResilienceHandler alone, fixed rotation", () => standard.GetAsync(addresses[(uint)Interlocked.Increment(ref next) % 3])),
        ];
        var slices = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Slices>());
        for (var round = -2; round < Rounds; round++)
        {
            foreach (var (contestant, call) in contestants.OrderBy(_ => Random.Shared.Next()))
            {
                var slice = await MeasureAsync(call);
                if (round >= 0)
                {
                    slices[contestant].Add(slice);
                }
            }
        }

        report.Line($"| {InFlight} in flight | calls/s | × fixed, paired by round | p50 µs | p99 µs | × fixed | bytes per call over fixed |");
        report.Line("|---|--:|--:|--:|--:|--:|--:|");
        var limit = slices[contestants[0].Name];
        foreach (var (contestant, taken) in slices)
        {
            var rate = taken.Zip(limit, (one, other) => one.Rate / other.Rate).Median();
            var late = taken.Zip(limit, (one, other) => one.P99 / other.P99).Median();
            var bytes = taken.Zip(limit, (one, other) => one.Bytes - other.Bytes).Median();
            report.Line($"| {contestant} | {taken.Select(slice => slice.Rate).Median():0} | {rate:0.000} | {taken.Select(slice => slice.P50).Median():0} | {taken.Select(slice => slice.P99).Median():0} | {late:0.00} | {bytes:0} |");
        }
    }

    private static async Task<Slices> MeasureAsync(Func<Task<HttpResponseMessage>> call)
    {
        var times = new List<double>[InFlight];
        var bytes = GC.GetTotalAllocatedBytes();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(worker => Task.Run(async () =>
        {
            var mine = times[worker] = new(20_000);
            while (Stopwatch.GetElapsedTime(began) < Slice)
            {
                var sent = Stopwatch.GetTimestamp();
                using var answer = await call();
                answer.EnsureSuccessStatusCode();
                mine.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] all = [.. times.SelectMany(mine => mine)];
        return new(all.Length / elapsed, all.Median(), all.At(0.99), (GC.GetTotalAllocatedBytes() - bytes) / (double)all.Length);
    }

    private static ServiceProvider Ours(Uri[] addresses)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton<IHostEnvironment>(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = "Benchmark" });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            [new("Discovery:Provider", "Fixed"), new("Discovery:Client:CacheDirectory", "")]).Build());
        services.AddSingleton<IServiceRegistryFactory>(new FixedRegistry(addresses));
        services.AddDiscoveryClient();
        services.AddHttpClient("handler").RemoveAllLoggers().AddDiscoveryHandler();
        services.AddHttpClient("pipeline").RemoveAllLoggers().AddDiscovery();
        services.AddHttpClient("standard").RemoveAllLoggers().AddStandardResilienceHandler(); // what the pipeline's parts cost by themselves
        return services.BuildServiceProvider();
    }

    private sealed record Slices(double Rate, double P50, double P99, double Bytes);
}
