using Discovery.Testing;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Mvccpb;

namespace Discovery.Etcd.Tests.Watching;

/// <summary>Malformed and malicious watch streams: the watch is lost or lists again, never crashes, hangs or spins, and goes on when sense returns.</summary>
public sealed class HostileWatchTests
{
    private const string Good = """{"endpoints":["http://10.0.0.1:80"]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, WatchResponse[]> Streams => new()
    {
        { "created twice", [Created(0), Created(1), Created(2)] },
        { "event without a key", [Created(0), new() { Header = FakeEtcd.Header(9), WatchId = 0, Events = { new Event() } }] },
        { "event without a revision", [Created(0), With(new KeyValue { Key = ByteString.CopyFromUtf8("/services/orders/x") })] },
        { "negative revision", [Created(0), With(Kv("x", Good, revision: -7))] },
        { "largest revision", [Created(0), With(Kv("x", Good, revision: long.MaxValue))] },
        { "cancelled without a reason", [Created(0), new() { Header = FakeEtcd.Header(), WatchId = 0, Canceled = true }] },
        { "compacted", [Created(0), new() { Header = FakeEtcd.Header(), WatchId = 0, Canceled = true, CompactRevision = long.MaxValue }] },
        { "refused before it is created", [new() { Header = FakeEtcd.Header(), WatchId = -1, Created = true, Canceled = true, CancelReason = "no\r\nreason" }] },
        { "no header", [new() { WatchId = 0, Created = true }] },
        { "from the past", [new() { Header = FakeEtcd.Header(-1), WatchId = 0, Created = true }] },
    };

    [Theory]
    [MemberData(nameof(Streams), DisableDiscoveryEnumeration = true)]
    public async Task WatchAsync_StreamThatIsNone_IsFollowedAgainWhenSenseReturns(string kind, WatchResponse[] responses)
    {
        var isSane = false;
        var opened = 0;
        await using var server = await ListingAsync(async context =>
        {
            opened++;
            await StreamAsync(context, Volatile.Read(ref isSane) ? [Created(0), With(Kv("two", Good, revision: 6))] : responses);
        });
        await using var test = TestRegistry.For(server.Address);
        await using var watched = test.Watch("orders");
        await Eventually.HoldsAsync(() => opened > 0 && watched.Changes.Count + watched.Losses.Count > 1, cancellationToken: Cancelled);

        var before = opened;
        await Task.Delay(TimeSpan.FromSeconds(1), Cancelled);
        Assert.InRange(opened - before, 0, 40);
        Volatile.Write(ref isSane, true);

        await Eventually.HoldsAsync(() => watched.Instances.ContainsKey("two"), cancellationToken: Cancelled, expression: kind);
        Assert.All(watched.Losses, loss => Assert.DoesNotContain(loss.Message, char.IsControl));
    }

    [Fact]
    public async Task WatchAsync_EventsOfOthersAndOfNoUse_AreSkipped()
    {
        await using var server = await ListingAsync(context => StreamAsync(context,
            [
                Created(0),
                new() { Header = FakeEtcd.Header(), WatchId = 4711, Events = { new Event { Kv = Kv("elsewhere", Good, 6) } } },
                With(new KeyValue { Key = ByteString.CopyFromUtf8("x"), ModRevision = 6, Value = ByteString.CopyFromUtf8(Good) }),
                With(new KeyValue { Key = ByteString.CopyFrom(255, 0, 254), ModRevision = 7, Value = ByteString.CopyFromUtf8(Good) }),
                With(Kv("../../etc/passwd", Good, 8)),
                With(Kv("script", """{"endpoints":["javascript://10.0.0.1:80/%0aalert(1)"]}""", 9)),
                With(Kv("huge", $$"""{"endpoints":["http://10.0.0.1:80"],"version":"{{new string('x', 100_000)}}"}""", 10)),
                With(Kv("late", Good, 3)),
                With(Kv("good", Good, 11)),
            ]));
        await using var test = TestRegistry.For(server.Address);
        await using var watched = test.Watch("orders");

        await watched.HoldsAsync("good", "late");
        Assert.Empty(watched.Losses);
    }

    [Fact]
    public async Task WatchAsync_PiecesWithoutEnd_TakeBoundedMemory()
    {
        var sent = 0L;
        var piece = new WatchResponse { Header = FakeEtcd.Header(9), WatchId = 0, Fragment = true, Events = { new Event { Kv = Kv("x", new string('x', 1 << 20), 6) } } };
        await using var server = await ListingAsync(async context =>
        {
            FakeEtcd.Begin(context);
            await FakeEtcd.WriteAsync(context, Created(0));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await FakeEtcd.WriteAsync(context, piece);
                Interlocked.Increment(ref sent);
            }
        });
        await using var test = TestRegistry.For(server.Address);
        await using var watched = test.Watch("orders");

        await Eventually.HoldsAsync(() => Interlocked.Read(ref sent) > 300, TimeSpan.FromSeconds(60), Cancelled);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 400_000_000);
        Assert.Contains(test.Logs.Of(3201), entry => entry.Message.Contains("pieces", StringComparison.Ordinal));
    }

    private static Task<FakeServer> ListingAsync(RequestDelegate watch) => FakeEtcd.StartAsync(context => context.Request.Path.Value!.Split('/')[^1] switch
    {
        "Watch" => watch(context),
        _ => FakeEtcd.AnswerAsync(context, [new RangeResponse { Header = FakeEtcd.Header() }]),
    });

    private static async Task StreamAsync(HttpContext context, WatchResponse[] responses)
    {
        FakeEtcd.Begin(context);
        foreach (var response in responses)
        {
            await FakeEtcd.WriteAsync(context, response);
        }

        await FakeEtcd.HoldAsync(context);
    }

    private static WatchResponse Created(long id) => new() { Header = FakeEtcd.Header(), WatchId = id, Created = true };

    private static WatchResponse With(KeyValue entry) => new() { Header = FakeEtcd.Header(20), WatchId = 0, Events = { new Event { Kv = entry } } };

    private static KeyValue Kv(string id, string value, long revision) => new()
    {
        Key = ByteString.CopyFromUtf8($"/services/orders/{id}"),
        Value = ByteString.CopyFromUtf8(value),
        ModRevision = revision,
        CreateRevision = revision,
        Lease = 7,
    };
}
