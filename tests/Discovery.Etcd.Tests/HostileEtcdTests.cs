using System.Text;
using Discovery.Testing;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Mvccpb;

namespace Discovery.Etcd.Tests;

/// <summary>Malformed and malicious answers to calls: always a <see cref="RegistryException"/>, in bounded time and memory.</summary>
public sealed class HostileEtcdTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, RequestDelegate> Answers => new()
    {
        { "nothing", _ => Task.CompletedTask },
        { "html", context => context.Response.WriteAsync("<html>gateway</html>", Cancelled) },
        { "JSON", context => { context.Response.ContentType = "application/json"; return context.Response.WriteAsync("{}", Cancelled); } },
        { "500", context => { context.Response.StatusCode = 500; return Task.CompletedTask; } },
        { "302", context => { context.Response.StatusCode = 302; context.Response.Headers.Location = "http://127.0.0.1:1/"; return Task.CompletedTask; } },
        { "no trailers", async context => { context.Response.ContentType = "application/grpc"; await FakeEtcd.WriteAsync(context, new RangeResponse()); } },
        { "no message", context => FakeEtcd.AnswerAsync(context, []) },
        { "two messages", context => FakeEtcd.AnswerAsync(context, [new RangeResponse { Header = FakeEtcd.Header() }, new RangeResponse { Header = FakeEtcd.Header() }]) },
        { "no header", context => FakeEtcd.AnswerAsync(context, [new RangeResponse()]) },
        { "unknown status", context => FakeEtcd.AnswerAsync(context, [], status: 4711, text: "?") },
        { "half a frame", context => BytesAsync(context, [0, 0, 0]) },
        { "half a message", context => FramedAsync(context, [1, 2, 3], declaredLength: 1000) },
        { "4 GB declared", context => FramedAsync(context, [1], declaredLength: uint.MaxValue) },
        { "compressed by nothing known", context => FramedAsync(context, [1, 2, 3], compressed: 1) },
        { "no protobuf", context => FramedAsync(context, [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]) },
        { "a length beyond the message", context => FramedAsync(context, [0x12, 0x7f, 1]) },
        { "wrong wire type", context => FramedAsync(context, [0x0d, 1, 2, 3, 4]) },
        { "never", FakeEtcd.HoldAsync },
        { "aborted", context => { context.Abort(); return Task.CompletedTask; } },
        { "dripping", DripAsync },
        { "endless", EndlessAsync },
    };

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task AnyCall_Garbage_FailsInTime(string kind, RequestDelegate answer)
    {
        await using var server = await FakeEtcd.StartAsync(answer);
        await using var test = TestRegistry.For(server.Address);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        RegistryException[] failures = await Task.WhenAll(
            FailureAsync(() => test.RegisterAsync("orders")),
            FailureAsync(() => test.Registry.DeregisterAsync("orders", "one", Cancelled)),
            FailureAsync(() => test.Registry.GetServicesAsync(Cancelled)),
            FailureAsync(async () => await test.Registry.WatchAsync("orders", Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync()));

        Assert.All(failures, e => Assert.True(e.Kind is RegistryErrorKind.Unavailable or RegistryErrorKind.Invalid or RegistryErrorKind.Denied, kind));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 100_000_000);
    }

    [Fact]
    public async Task AnyCall_TextOfTheServer_IsShownAsOneShortLine()
    {
        await using var server = await FakeEtcd.StartAsync(context => FakeEtcd.AnswerAsync(context, [], status: 14, text: "down\r\nfake: log line\u0007" + new string('x', 3000)));
        await using var test = TestRegistry.For(server.Address);

        var failure = await FailureAsync(() => test.Registry.GetServicesAsync(Cancelled));

        Assert.Contains("down", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.InRange(failure.Message.Length, 10, 1000);
    }

    [Fact]
    public async Task WatchAsync_KeyAndValueThatWouldForgeALog_AreShownOnTheirOwnLine()
    {
        await using var server = await FakeEtcd.StartAsync(context => context.Request.Path.Value!.EndsWith("/Range", StringComparison.Ordinal)
            ? FakeEtcd.AnswerAsync(context, [new RangeResponse
            {
                Header = FakeEtcd.Header(),
                Kvs =
                {
                    new KeyValue { Key = ByteString.CopyFromUtf8("/services/orders/x\r\nfail: forged"), Value = ByteString.CopyFromUtf8("{}") },
                    new KeyValue { Key = ByteString.CopyFromUtf8("/services/orders/y"), Value = ByteString.CopyFromUtf8("{\"metadata\":{\"a\\nfail: forged\":[]}}") },
                },
            }])
            : FakeEtcd.HoldAsync(context));
        await using var test = TestRegistry.For(server.Address);

        await test.Registry.WatchAsync("orders", Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync();

        var skipped = test.Logs.Entries.Where(entry => entry.Message.Contains("is skipped", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, skipped.Count);
        Assert.All(skipped, entry => Assert.DoesNotContain(entry.Message, char.IsControl));
    }

    // The last one counts, as everywhere in .NET: nobody is to be shown one address where another is called.
    [Fact]
    public async Task WatchAsync_ValueWithDuplicateKeys_TheLastOnesCount()
    {
        await using var server = await FakeEtcd.StartAsync(context => context.Request.Path.Value!.EndsWith("/Range", StringComparison.Ordinal)
            ? FakeEtcd.AnswerAsync(context, [new RangeResponse
            {
                Header = FakeEtcd.Header(),
                Kvs = { new KeyValue { Key = ByteString.CopyFromUtf8("/services/orders/x"), Value = ByteString.CopyFromUtf8("""{"endpoints":["http://a:1"],"endpoints":["http://b:2"],"metadata":{"k":"1","k":"2"}}""") } },
            }])
            : FakeEtcd.HoldAsync(context));
        await using var test = TestRegistry.For(server.Address);
        var watch = test.Registry.WatchAsync("orders", Cancelled).GetAsyncEnumerator(Cancelled);

        await watch.MoveNextAsync();

        var instance = Assert.Single(watch.Current.Upserts);
        Assert.Equal((new Uri("http://b:2"), "2"), (Assert.Single(instance.Endpoints), instance.Metadata["k"]));
    }

    [Fact]
    public async Task WatchAsync_MoreKeysThanAServiceHasInstances_Fails()
    {
        var answer = new RangeResponse { Header = FakeEtcd.Header() };
        answer.Kvs.AddRange(Enumerable.Repeat(new KeyValue { Key = ByteString.CopyFromUtf8("k") }, InstanceLimits.MaxInstances + 1));
        await using var server = await FakeEtcd.StartAsync(context => FakeEtcd.AnswerAsync(context, [answer]));
        await using var test = TestRegistry.For(server.Address);

        var failure = await FailureAsync(async () => await test.Registry.WatchAsync("orders", Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());

        Assert.Contains("200001 keys", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterAsync_InstanceThatReadersWouldNotBelieve_IsInvalid()
    {
        await using var server = await FakeEtcd.StartAsync(_ => Task.CompletedTask);
        await using var test = TestRegistry.For(server.Address);
        var instance = TestRegistry.Instance("orders") with { Tags = [.. Enumerable.Repeat("t", InstanceLimits.MaxTags + 1)] };

        var failure = await FailureAsync(() => test.Registry.RegisterAsync(instance, TestRegistry.Ttl, Cancelled));

        Assert.Equal(RegistryErrorKind.Invalid, failure.Kind);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task AnyCall_ServerEchoesPasswordAndToken_NeitherIsShown()
    {
        await using var server = await FakeEtcd.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var isLogin = context.Request.Path.Value!.Contains("Authenticate", StringComparison.Ordinal);
            await (isLogin && body.Length < 100 && !Encoding.UTF8.GetString(body.ToArray()).Contains("canary-refused", StringComparison.Ordinal)
                ? FakeEtcd.AnswerAsync(context, [new AuthenticateResponse { Header = FakeEtcd.Header(), Token = "canary-token.7" }])
                : FakeEtcd.AnswerAsync(context, [], status: 13, text: $"you sent {Encoding.UTF8.GetString(body.ToArray()[7..])} {context.Request.Headers["token"]}"));
        });
        await using var let = TestRegistry.Create([server.Address], [("Username", "svc"), ("Password", "canary-password")]);
        await using var refused = TestRegistry.Create([server.Address], [("Username", "svc"), ("Password", "canary-refused")]);

        var call = await FailureAsync(() => let.Registry.GetServicesAsync(Cancelled));
        var login = await FailureAsync(() => refused.Registry.GetServicesAsync(Cancelled));
        await using var watched = let.Watch("orders");
        await Eventually.HoldsAsync(() => watched.Losses.Count > 0, cancellationToken: Cancelled);

        Assert.Contains("you sent", call.Message, StringComparison.Ordinal);
        Assert.Contains("you sent", login.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{call} {login} {watched.Losses.First()} {string.Join(' ', let.Logs.Entries)} {string.Join(' ', refused.Logs.Entries)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\r\nb: c")]
    [InlineData("\u0001\u00e9\ud83d\ude00")]
    public async Task AnyCall_TokenThatNoHeaderTakes_Fails(string token)
    {
        await using var server = await FakeEtcd.StartAsync(context => FakeEtcd.AnswerAsync(context,
            context.Request.Path.Value!.Contains("Authenticate", StringComparison.Ordinal)
                ? [new AuthenticateResponse { Header = FakeEtcd.Header(), Token = token }]
                : [], status: 0));
        await using var test = TestRegistry.Create([server.Address], [("Username", "svc"), ("Password", "p")]);

        await FailureAsync(() => test.Registry.GetServicesAsync(Cancelled));
        await FailureAsync(() => test.RegisterAsync("orders"));
    }

    [Theory]
    [InlineData(0, 15)]
    [InlineData(7, 0)]
    [InlineData(7, -1)]
    [InlineData(7, long.MaxValue)]
    public async Task RegisterAsync_LeaseThatIsNone_WritesNothing(long id, long ttl)
    {
        var puts = 0;
        await using var server = await FakeEtcd.StartAsync(context =>
        {
            puts += context.Request.Path.Value!.EndsWith("/Put", StringComparison.Ordinal) ? 1 : 0;
            return FakeEtcd.AnswerAsync(context, [new LeaseGrantResponse { Header = FakeEtcd.Header(), ID = id, TTL = ttl }]);
        });
        await using var test = TestRegistry.For(server.Address);

        await FailureAsync(() => test.RegisterAsync("orders"));

        Assert.Equal(0, puts);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task KeepAliveAsync_RemainingTimeThatIsNone_IsAnswered(long ttl)
    {
        await using var server = await FakeEtcd.StartAsync(async context =>
        {
            switch (context.Request.Path.Value!.Split('/')[^1])
            {
                case "LeaseGrant":
                    await FakeEtcd.AnswerAsync(context, [new LeaseGrantResponse { Header = FakeEtcd.Header(), ID = 7, TTL = 15 }]);
                    break;
                case "Put":
                    await FakeEtcd.AnswerAsync(context, [new PutResponse { Header = FakeEtcd.Header() }]);
                    break;
                case "LeaseKeepAlive":
                    FakeEtcd.Begin(context);
                    await FakeEtcd.WriteAsync(context, new LeaseKeepAliveResponse { ID = 99, TTL = 1 });
                    var request = new byte[64];
                    while (await context.Request.Body.ReadAsync(request, context.RequestAborted) > 0)
                    {
                        await FakeEtcd.WriteAsync(context, new LeaseKeepAliveResponse { ID = 7, TTL = ttl });
                    }

                    break;
                default:
                    await FakeEtcd.HoldAsync(context);
                    break;
            }
        });
        await using var test = TestRegistry.For(server.Address);
        await using var lease = await test.RegisterAsync("orders");

        Assert.Equal(ttl > 0 ? LeaseStatus.Held : LeaseStatus.Forgotten, await TestRegistry.KeepAliveAsync(lease));
    }

    [Fact]
    public async Task GetServicesAsync_KeysOfAnySort_NamesWhatCanBeAService()
    {
        await using var server = await FakeEtcd.StartAsync(context => FakeEtcd.AnswerAsync(context, [new RangeResponse
        {
            Header = FakeEtcd.Header(),
            Kvs =
            {
                Key(""), Key("x"), Key("/"), Key("/services"), Key("/services/"), Key("/services//"), Key("/services/../../etc/passwd"),
                Key("/services/orders/one"), Key("/elsewhere/orders/one"), Key("/services/or\0ders/one"), Key("/services/\ud800/one"),
                new KeyValue { Key = ByteString.CopyFrom(255, 254, 0, 47) }, new KeyValue(),
            },
        }]));
        await using var test = TestRegistry.For(server.Address);

        Assert.Equal(["orders"], await test.Registry.GetServicesAsync(Cancelled));

        static KeyValue Key(string key) => new() { Key = ByteString.CopyFromUtf8(key) };
    }

    private static async Task<RegistryException> FailureAsync(Func<Task> call) => await Assert.ThrowsAsync<RegistryException>(() => call().WaitAsync(Patience, Cancelled));

    private static async Task BytesAsync(HttpContext context, byte[] bytes)
    {
        FakeEtcd.Begin(context);
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        FakeEtcd.End(context);
    }

    private static async Task FramedAsync(HttpContext context, byte[] message, uint? declaredLength = null, byte compressed = 0)
    {
        FakeEtcd.Begin(context);
        await FakeEtcd.WriteAsync(context, message, declaredLength, compressed);
        FakeEtcd.End(context);
    }

    private static async Task DripAsync(HttpContext context)
    {
        FakeEtcd.Begin(context);
        for (byte[] next = [0, 0, 0, 255, 255]; !context.RequestAborted.IsCancellationRequested; next = [0])
        {
            await context.Response.Body.WriteAsync(next, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(50, context.RequestAborted);
        }
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        FakeEtcd.Begin(context);
        var message = new RangeResponse { Header = FakeEtcd.Header(), Kvs = { new KeyValue { Key = ByteString.CopyFromUtf8("/services/orders/x"), Value = ByteString.CopyFrom(new byte[1 << 20]) } } }.ToByteArray();
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await FakeEtcd.WriteAsync(context, message);
        }
    }
}
