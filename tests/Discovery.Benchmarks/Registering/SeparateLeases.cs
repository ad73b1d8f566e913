using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Benchmarks.Registering;

/// <summary>What 1,000 etcd leases cost one process, each renewed every 5 s.</summary>
internal static class SeparateLeases
{
    private const int Count = 1_000;
    private const int Rounds = 3;

    private static readonly (string Name, Func<Uri, Task<Beating>> Start)[] Contestants =
    [
        ("limit: bare bursts on one stream", BareBurstsAsync),
        ("**ours, in bursts**", address => OursAsync(address, Count)),
        ("dotnet-etcd, LeaseKeepAlive for each", DotnetEtcdAsync),
    ];

    public static async Task RunAsync(Report report)
    {
        report.Line($"{Count} leases on etcd, each renewed every {Heartbeats.Interval.TotalSeconds:0} s; medians of {Rounds} rounds in turns, and the lowest and highest of CPU. What this process uses idle is taken off.");
        report.Line("");
        report.Line("| leases | CPU ms/s | x limit | KB allocated/s | sent B/s | received B/s | connections |");
        report.Line("|---|--:|--:|--:|--:|--:|--:|");
        await using var etcd = await EtcdServer.StartAsync();
        var idle = await Use.MeasureAsync();
        var uses = new List<(string Name, Use Use)>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, start) in Contestants)
            {
                await using var beating = await start(etcd.Endpoint);
                await Task.Delay(Heartbeats.Interval, TimeProvider.System);
                uses.Add((name, await Use.MeasureAsync() - idle));
            }
        }

        var limit = Cpu(Contestants[0].Name).Median();
        foreach (var (name, start) in Contestants)
        {
            var traffic = await Traffic.MeasureAsync(etcd.Endpoint, start);
            var kilobytes = uses.Where(use => use.Name == name).Select(use => use.Use.Kilobytes).Median();
            report.Line(
                $"| {name} | {Cpu(name).Median():0.0} [{Cpu(name).Min():0.0}-{Cpu(name).Max():0.0}] | {Cpu(name).Median() / limit:0.00} | {kilobytes:0} | {traffic.Sent:0} | {traffic.Received:0} | {traffic.Connections} |");
        }

        IEnumerable<double> Cpu(string name) => uses.Where(use => use.Name == name).Select(use => use.Use.Cpu);
    }

    // TTLs that all differ, each of which needs a lease of its own.
    public static async Task<Beating> OursAsync(Uri server, int count)
    {
        var provider = Providers.Client(Providers.Etcd(server));
        var registry = provider.GetServices<IServiceRegistryFactory>().Single(factory => factory.Name == "Etcd").Create();
        var leases = await Task.WhenAll(
            Enumerable.Range(0, count).Select(i => registry.RegisterAsync(Heartbeats.Instance(i), Heartbeats.Ttl + TimeSpan.FromSeconds(i), CancellationToken.None)));
        return Beating.Every(
            Heartbeats.Interval,
            token => Task.WhenAll(leases.Select(lease => lease.KeepAliveAsync(HealthStatus.Healthy, null, token))),
            async () =>
            {
                await Task.WhenAll(leases.Select(lease => lease.RevokeAsync(CancellationToken.None)));
                await registry.DisposeAsync();
                await provider.DisposeAsync();
            });
    }

    private static async Task<Beating> BareBurstsAsync(Uri server)
    {
        var channel = GrpcChannel.ForAddress(server);
        var client = new Lease.LeaseClient(channel);
        var leases = await GrantAsync(client);
        var call = client.LeaseKeepAlive();
        var together = new WriteOptions(WriteFlags.BufferHint);
        return Beating.Every(
            Heartbeats.Interval,
            async token =>
            {
                foreach (var id in leases)
                {
                    call.RequestStream.WriteOptions = id == leases[^1] ? null : together;
                    await call.RequestStream.WriteAsync(new() { ID = id }, token);
                }

                for (var i = 0; i < leases.Length; i++)
                {
                    await call.ResponseStream.MoveNext(token);
                }
            },
            async () =>
            {
                call.Dispose();
                await RevokeAsync(client, leases);
                channel.Dispose();
            });
    }

    private static async Task<Beating> DotnetEtcdAsync(Uri server)
    {
        var channel = GrpcChannel.ForAddress(server);
        var client = new Lease.LeaseClient(channel);
        var leases = await GrantAsync(client);
        var peer = new dotnet_etcd.EtcdClient(server.ToString(), configureChannelOptions: options => options.Credentials = ChannelCredentials.Insecure);
        var ending = new CancellationTokenSource();
        var beats = leases.Select(id => peer.LeaseKeepAlive(id, ending.Token)).ToArray();
        return new(async () =>
        {
            await ending.CancelAsync();
            await Task.WhenAll(beats).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            peer.Dispose();
            ending.Dispose();
            await RevokeAsync(client, leases);
            channel.Dispose();
        });
    }

    private static async Task<long[]> GrantAsync(Lease.LeaseClient client) =>
        await Task.WhenAll(Enumerable.Range(0, Count).Select(async _ => (await client.LeaseGrantAsync(new() { TTL = (long)Heartbeats.Ttl.TotalSeconds })).ID));

    private static async Task RevokeAsync(Lease.LeaseClient client, long[] leases) =>
        await Task.WhenAll(leases.Select(async id => await client.LeaseRevokeAsync(new() { ID = id })));
}
