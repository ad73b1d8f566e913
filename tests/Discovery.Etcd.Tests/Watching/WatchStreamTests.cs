using System.Globalization;
using Discovery.Etcd.Watching;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Mvccpb;

namespace Discovery.Etcd.Tests.Watching;

public sealed class WatchStreamTests(SharedEtcdServer etcd)
{
    private const int PutsPerTransaction = 100;

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task Subscribe_ToABacklogWithTheConnectionCutMidway_BringsEachEventOnce(EtcdVersion version)
    {
        const int Count = 20_000;
        var server = await etcd.GetAsync(version);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        proxy.TruncateAfter = 900_000; // etcd sends a backlog in batches of a thousand revisions
        using var client = Client(proxy.Address);
        await using var watches = new WatchStream(client, TimeProvider.System, NullLogger.Instance);
        using var writer = Client(server.Endpoint);
        var prefix = $"/{TestRegistry.NewName("backlog")}/";
        var first = await WriteAsync(writer, prefix, Count, valueBytes: 10, perTransaction: 10);
        var seen = new Recorder();

        var subscription = watches.Subscribe(new WatchSubscription(prefix, KeyRange.EndOf(prefix), first, "read", seen));
        await Eventually.HoldsAsync(() => seen.Count >= Count, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => proxy.AcceptedCount > 1, cancellationToken: TestContext.Current.CancellationToken);
        watches.Unsubscribe(subscription);

        Assert.Equal(Enumerable.Range(0, Count).Select(i => i.ToString(CultureInfo.InvariantCulture)), seen.Keys(prefix));
        Assert.Equal((0, 0), (seen.Gaps, seen.Losses));
    }

    [Fact]
    public async Task Subscribe_ToEventsThatComeInFragments_PutsThemTogether()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        const int Count = 200;
        var server = await etcd.GetAsync();
        using var client = Client(server.Endpoint);
        await using var watches = new WatchStream(client, TimeProvider.System, NullLogger.Instance);
        var prefix = $"/{TestRegistry.NewName("fragments")}/";
        var first = await WriteAsync(client, prefix, Count, valueBytes: 50_000, perTransaction: 20);
        Assert.True(await ComesInFragmentsAsync(client, new WatchSubscription(prefix, KeyRange.EndOf(prefix), first, "read", new Recorder())));
        var seen = new Recorder();

        watches.Subscribe(new WatchSubscription(prefix, KeyRange.EndOf(prefix), first, "read", seen));
        await Eventually.HoldsAsync(() => seen.Count >= Count, cancellationToken: cancellationToken);

        Assert.Equal(Enumerable.Range(0, Count).Select(i => i.ToString(CultureInfo.InvariantCulture)), seen.Keys(prefix));
    }

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task Unsubscribe_OfAThousandAtOnce_LeavesNoneOnTheServer(EtcdVersion version)
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerOptions { Version = version }, TestContext.Current.CancellationToken);
        using var client = Client(server.Endpoint);
        await using var watches = new WatchStream(client, TimeProvider.System, NullLogger.Instance);

        for (var round = 0; round < 3; round++)
        {
            var subscriptions = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(
                () => watches.Subscribe(new WatchSubscription($"/w{i}", rangeEnd: null, startRevision: 1, "read", new Recorder())))));
            if (round < 2)
            {
                await WatchersAsync(server, 1000);
            }

            await Task.WhenAll(subscriptions.Select(subscription => Task.Run(() => watches.Unsubscribe(subscription)))); // in the last round most are not created yet
        }

        await WatchersAsync(server, 0);
    }

    [Fact]
    public async Task Subscribe_FromACompactedRevision_IsAGap()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = Client(server.Endpoint);
        await using var watches = new WatchStream(client, TimeProvider.System, NullLogger.Instance);
        var first = await WriteAsync(client, "/compacted/", 10, valueBytes: 1, perTransaction: 1);
        await server.EtcdctlAsync("compact", (first + 5).ToString(CultureInfo.InvariantCulture));
        var compacted = new Recorder();
        var living = new Recorder();

        watches.Subscribe(new WatchSubscription("/compacted/", KeyRange.EndOf("/compacted/"), first, "read", compacted));
        watches.Subscribe(new WatchSubscription("/compacted/", KeyRange.EndOf("/compacted/"), first + 6, "read", living));
        await Eventually.HoldsAsync(() => compacted.Gaps == 1 && living.Count == 4, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (compacted.Count, compacted.Losses));
    }

    [Fact]
    public async Task Subscribe_FromARevisionThatTheClusterNeverReached_IsAGap()
    {
        var server = await etcd.GetAsync();
        using var client = Client(server.Endpoint);
        await using var watches = new WatchStream(client, TimeProvider.System, NullLogger.Instance);
        var seen = new Recorder();

        watches.Subscribe(new WatchSubscription("/future", rangeEnd: null, startRevision: long.MaxValue / 2, "read", seen));

        await Eventually.HoldsAsync(() => seen.Gaps == 1, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static EtcdClient Client(Uri endpoint)
    {
        var options = new EtcdOptions();
        options.Endpoints.Add(endpoint.GetLeftPart(UriPartial.Authority));
        return new EtcdClient(options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    /// <summary>Puts keys that are named by their numbers.</summary>
    /// <returns>The revision of the first.</returns>
    private static async Task<long> WriteAsync(EtcdClient client, string prefix, int count, int valueBytes, int perTransaction = PutsPerTransaction)
    {
        var value = ByteString.CopyFrom(new byte[valueBytes]);
        long? first = null;
        foreach (var numbers in Enumerable.Range(0, count).Chunk(perTransaction))
        {
            var request = new TxnRequest();
            request.Success.AddRange(numbers.Select(i => new RequestOp { RequestPut = new PutRequest { Key = ByteString.CopyFromUtf8($"{prefix}{i}"), Value = value } }));
            var response = await client.TransactAsync(request, "write", "readwrite", TestContext.Current.CancellationToken);
            first ??= response.Header.Revision;
        }

        return first!.Value;
    }

    private static async Task<bool> ComesInFragmentsAsync(EtcdClient client, WatchSubscription subscription)
    {
        using var call = EtcdClient.OpenWatch(client.Endpoints.Current, token: null, TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = subscription.CreateRequest() }, TestContext.Current.CancellationToken);
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (call.ResponseStream.Current.Fragment || call.ResponseStream.Current.Events.Count == 200)
            {
                return call.ResponseStream.Current.Fragment;
            }
        }

        return false;
    }

    private static async Task WatchersAsync(EtcdServer server, int expected)
    {
        using var http = new HttpClient();
        await Eventually.IsAsync(
            async () => (await http.GetStringAsync(new Uri(server.Endpoint, "/metrics"))).Split('\n').Single(line => line.StartsWith("etcd_debugging_mvcc_watcher_total ", StringComparison.Ordinal)),
            line => line.EndsWith($" {expected}", StringComparison.Ordinal),
            cancellationToken: TestContext.Current.CancellationToken,
            expression: $"{expected} watchers on the server");
    }

    private sealed class Recorder : IWatchObserver
    {
        private readonly Lock _gate = new();
        private readonly List<string> _keys = [];

        public int Gaps { get; private set; }

        public int Losses { get; private set; }

        public int Count
        {
            get
            {
                lock (_gate)
                {
                    return _keys.Count;
                }
            }
        }

        public IEnumerable<string> Keys(string prefix)
        {
            lock (_gate)
            {
                return [.. _keys.Select(key => key[prefix.Length..])];
            }
        }

        public void OnEvents(IReadOnlyList<Event> events)
        {
            lock (_gate)
            {
                _keys.AddRange(events.Select(change => change.Kv.Key.ToStringUtf8()));
            }
        }

        public void Proceed()
        {
        }

        public void OnAlive()
        {
        }

        public void OnGap() => Gaps++;

        public void OnLost(RegistryException reason) => Losses++;
    }
}
