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
    private static readonly TimeSpan Interval = Ttl / 3;

    /// <summary>How long each is looked at.</summary>
    public static readonly TimeSpan Measured = Pace.Of(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(6));

    public static async Task RunAsync(Report report)
    {
        report.Line("CPU and bytes allocated of this process, what it uses idle taken off; the servers' are in neither. Traffic and connections are those of the same once more, through a proxy that counts them.");
        report.Line("");
        report.Line("| registrations | CPU ms/s | KB allocated/s | sent B/s | received B/s | connections |");
        report.Line("|---|--:|--:|--:|--:|--:|");
        var idle = await Use.MeasureAsync();
        await using var etcd = await EtcdServer.StartAsync();
        await using var consul = await ConsulServer.StartAsync();
        await RowAsync(report, "etcd, limit: one bare lease", etcd.Endpoint, BareLeaseAsync, idle);
        foreach (var count in (int[])[1, 100, 1_000])
        {
            await RowAsync(report, $"**etcd, {count}, one lease for all**", etcd.Endpoint, address => OursAsync(Providers.Etcd(address), count), idle);
        }

        await RowAsync(report, "**etcd, 100, a lease each**", etcd.Endpoint, address => SeparateLeases.OursAsync(address, 100, Ttl), idle);
        foreach (var count in (int[])[1, 100, 1_000])
        {
            await RowAsync(report, $"**Consul, {count}**", consul.Address, address => OursAsync(Providers.Consul(address), count), idle);
        }

        await RowAsync(report, "Consul, 1000, limit: bare PUTs in bursts", consul.Address, address => BareChecksAsync(address, 1_000), idle);
    }

    private static async Task RowAsync(Report report, string name, Uri server, Func<Uri, Task<Beating>> start, Use idle)
    {
        Use use;
        await using (await start(server))
        {
            use = await Use.MeasureAsync() - idle;
        }

        var traffic = await Traffic.MeasureAsync(server, start);
        report.Line($"| {name} | {use.Cpu:0.0} | {use.Kilobytes:0} | {traffic.Sent:0} | {traffic.Received:0} | {traffic.Connections} |");
    }

    private static async Task<Beating> OursAsync(KeyValuePair<string, string?>[] settings, int count)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection([.. settings, new("Discovery:Registration:ServiceName", "beating"), new("urls", "http://127.0.0.1:0")]);
        builder.Services.AddServiceRegistration();
        var app = builder.Build();
        await app.StartAsync();
        var registrar = app.Services.GetRequiredService<IServiceRegistrar>();
        for (var i = 1; i < count; i++)
        {
            await registrar.RegisterAsync(Instance(i));
        }

        await Task.Delay(Interval, TimeProvider.System);
        return new(async () =>
        {
            await app.StopAsync();
            await app.DisposeAsync();
        });
    }

    private static async Task<Beating> BareLeaseAsync(Uri server)
    {
        var channel = GrpcChannel.ForAddress(server);
        var client = new Lease.LeaseClient(channel);
        var id = (await client.LeaseGrantAsync(new() { TTL = (long)Ttl.TotalSeconds })).ID;
        var call = client.LeaseKeepAlive();
        return Beating.Every(
            Interval,
            async token =>
            {
                await call.RequestStream.WriteAsync(new() { ID = id }, token);
                await call.ResponseStream.MoveNext(token);
            },
            () =>
            {
                call.Dispose();
                channel.Dispose();
                return Task.CompletedTask;
            });
    }

    // Under the same IDs as ours: they are a good part of what is sent.
    private static async Task<Beating> BareChecksAsync(Uri server, int count)
    {
        var http = new HttpClient { BaseAddress = server };
        await AllAsync(count, async (i, token) =>
        {
            using var body = new StringContent($$$"""{"ID":"beating-{{{i}}}","Name":"beating","Port":80,"Check":{"TTL":"15s"}}""");
            using var answer = await http.PutAsync("/v1/agent/service/register", body, token);
            answer.EnsureSuccessStatusCode();
        });
        return Beating.Every(
            Interval,
            _ => AllAsync(count, async (i, token) =>
            {
                using var answer = await http.PutAsync($"/v1/agent/check/pass/service:beating-{i}", null, token);
                answer.EnsureSuccessStatusCode();
            }),
            () =>
            {
                http.Dispose();
                return Task.CompletedTask;
            });
    }

    private static Task AllAsync(int count, Func<int, CancellationToken, ValueTask> one) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, one);

    public static ServiceInstance Instance(int i) => new() { ServiceName = "beating", Id = $"beating-{i}", Endpoints = [new Uri($"http://10.0.0.1:{1000 + i}")] };
}
