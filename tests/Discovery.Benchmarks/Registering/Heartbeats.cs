using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Discovery.Benchmarks.Registering;

/// <summary>What keeping 1, 100 and 1,000 registrations of one process alive costs it, TTL 15 s, a beat each 5 s.</summary>
internal static class Heartbeats
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Measured = Pace.Of(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(6));

    public static async Task RunAsync(Report report)
    {
        report.Line("CPU and bytes allocated of this process, what it uses idle taken off; the servers' CPU likewise is in none of it.");
        report.Line("");
        report.Line("| registrations | CPU ms/s | KB allocated/s |");
        report.Line("|---|--:|--:|");
        var idle = await UseAsync();
        await using var etcd = await EtcdServer.StartAsync();
        await using var consul = await ConsulServer.StartAsync();
        await RawLeaseAsync(report, etcd, idle);
        foreach (var count in (int[])[1, 100, 1_000])
        {
            await OursAsync(report, $"etcd, {count}, one lease for all", Providers.Of(etcd), count, idle);
        }

        await SeparateLeasesAsync(report, etcd, 100, idle);
        foreach (var count in (int[])[1, 100, 1_000])
        {
            await OursAsync(report, $"Consul, {count}", Providers.Of(consul), count, idle);
        }

        await RawChecksAsync(report, consul, 1_000, idle);
    }

    private static async Task OursAsync(Report report, string name, KeyValuePair<string, string?>[] settings, int count, Use idle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection([.. settings, new("Discovery:Registration:ServiceName", "beating"), new("urls", "http://127.0.0.1:0")]);
        builder.Services.AddServiceRegistration();
        await using var app = builder.Build();
        await app.StartAsync();
        var registrar = app.Services.GetRequiredService<IServiceRegistrar>();
        for (var i = 1; i < count; i++)
        {
            await registrar.RegisterAsync(Instance(i));
        }

        await Task.Delay(Ttl / 3, TimeProvider.System);
        Row(report, $"**{name}**", await UseAsync(), idle);
        await app.StopAsync();
    }

    // TTLs that all differ, each of which needs a lease of its own.
    private static async Task SeparateLeasesAsync(Report report, EtcdServer server, int count, Use idle)
    {
        await using var provider = Providers.Client(Providers.Of(server));
        await using var registry = provider.GetServices<IServiceRegistryFactory>().Single(factory => factory.Name == "Etcd").Create();
        var leases = await Task.WhenAll(Enumerable.Range(0, count).Select(i => registry.RegisterAsync(Instance(i), Ttl + TimeSpan.FromSeconds(i), CancellationToken.None)));
        using var ending = new CancellationTokenSource();
        var beating = BeatAsync(() => Task.WhenAll(leases.Select(lease => lease.KeepAliveAsync(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, null, ending.Token))), ending.Token);
        Row(report, $"**etcd, {count}, a lease each**", await UseAsync(), idle);
        await ending.CancelAsync();
        await beating;
    }

    private static async Task RawLeaseAsync(Report report, EtcdServer server, Use idle)
    {
        using var channel = GrpcChannel.ForAddress(server.Endpoint);
        var client = new Lease.LeaseClient(channel);
        var id = (await client.LeaseGrantAsync(new() { TTL = (long)Ttl.TotalSeconds })).ID;
        using var call = client.LeaseKeepAlive();
        using var ending = new CancellationTokenSource();
        var beating = BeatAsync(
            async () =>
            {
                await call.RequestStream.WriteAsync(new() { ID = id });
                await call.ResponseStream.MoveNext(CancellationToken.None);
            },
            ending.Token);
        Row(report, "etcd, limit: one bare lease", await UseAsync(), idle);
        await ending.CancelAsync();
        await beating;
    }

    private static async Task RawChecksAsync(Report report, ConsulServer server, int count, Use idle)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
        {
            using var body = new StringContent($$$"""{"ID":"raw-{{{i}}}","Name":"raw","Port":80,"Check":{"TTL":"15s"}}""");
            using var answer = await http.PutAsync("/v1/agent/service/register", body, token);
            answer.EnsureSuccessStatusCode();
        });
        using var ending = new CancellationTokenSource();
        var beating = BeatAsync(
            () => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
            {
                using var answer = await http.PutAsync($"/v1/agent/check/pass/service:raw-{i}", null, token);
                answer.EnsureSuccessStatusCode();
            }),
            ending.Token);
        Row(report, $"Consul, {count}, limit: bare PUTs in bursts", await UseAsync(), idle);
        await ending.CancelAsync();
        await beating;
    }

    private static async Task BeatAsync(Func<Task> beat, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await beat();
                await Task.Delay(Ttl / 3, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    private static async Task<Use> UseAsync()
    {
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        await Task.Delay(Measured, TimeProvider.System);
        return new((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Measured.TotalSeconds, (GC.GetTotalAllocatedBytes() - bytes) / 1024.0 / Measured.TotalSeconds);
    }

    private static void Row(Report report, string name, Use use, Use idle) =>
        report.Line($"| {name} | {use.Cpu - idle.Cpu:0.0} | {use.Kilobytes - idle.Kilobytes:0} |");

    private static ServiceInstance Instance(int i) => new() { ServiceName = "beating", Id = $"beating-{i}", Endpoints = [new Uri($"http://10.0.0.1:{1000 + i}")] };

    private sealed record Use(double Cpu, double Kilobytes);
}
