using Discovery.Benchmarks.Harness;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Benchmarks.Registering;

/// <summary>What 1,000 etcd leases cost one process, each renewed every second: enough for what each costs to stand out from what the process costs idle.</summary>
internal static class SeparateLeases
{
    private const int Count = 1_000;
    private const int Rounds = 4;

    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = Ttl / 3;

    private static readonly (string Name, Func<Uri, Task<Beating>> Start)[] Contestants =
    [
        ("limit: bare bursts on one stream", BareBurstsAsync),
        ("**ours, in bursts**", address => OursAsync(address, Count, Ttl)),
        ("dotnet-etcd, LeaseKeepAlive for each", DotnetEtcdAsync),
    ];

    public static async Task RunAsync(Report report)
    {
        report.Line($"{Count} leases on etcd, each renewed every {Interval.TotalSeconds:0} s. Medians of {Rounds - 1} rounds in turns, and the lowest and highest; one before them is for the compiler.");
        report.Line("");
        report.Line("| leases | CPU ms/s | x limit | KB allocated/s | sent B/s | received B/s | connections |");
        report.Line("|---|--:|--:|--:|--:|--:|--:|");
        await using var etcd = await EtcdServer.StartAsync();
        var uses = new List<(string Name, Use Use)>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, start) in Contestants)
            {
                await using var beating = await start(etcd.Endpoint);
                await Task.Delay(Ttl, TimeProvider.System);
                var use = await Use.MeasureAsync();
                if (round > 0)
                {
                    uses.Add((name, use));
                }
            }
        }

        var limit = Of(Contestants[0].Name).Select(use => use.Cpu).Median();
        foreach (var (name, start) in Contestants)
        {
            var traffic = await Traffic.MeasureAsync(etcd.Endpoint, start);
            var cpu = Of(name).Select(use => use.Cpu).Median();
            report.Line(
                $"| {name} | {cpu:0.0} [{Of(name).Min(use => use.Cpu):0.0}-{Of(name).Max(use => use.Cpu):0.0}] | {cpu / limit:0.00} | {Of(name).Select(use => use.Kilobytes).Median():0} | {traffic.Sent:0} | {traffic.Received:0} | {traffic.Connections} |");
        }

        IEnumerable<Use> Of(string name) => uses.Where(use => use.Name == name).Select(use => use.Use);
    }

    // TTLs that all differ, each of which needs a lease of its own.
    public static async Task<Beating> OursAsync(Uri server, int count, TimeSpan ttl)
    {
        var provider = Providers.Client(Providers.Etcd(server));
        var registry = provider.GetServices<IServiceRegistryFactory>().Single(factory => factory.Name == "Etcd").Create();
        var leases = await Task.WhenAll(
            Enumerable.Range(0, count).Select(i => registry.RegisterAsync(Heartbeats.Instance(i), ttl + TimeSpan.FromSeconds(i), CancellationToken.None)));
        return Beating.Every(
            ttl / 3,
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
            Interval,
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
        await Task.WhenAll(Enumerable.Range(0, Count).Select(async _ => (await client.LeaseGrantAsync(new() { TTL = (long)Ttl.TotalSeconds })).ID));

    private static async Task RevokeAsync(Lease.LeaseClient client, long[] leases) =>
        await Task.WhenAll(leases.Select(async id => await client.LeaseRevokeAsync(new() { ID = id })));
}
