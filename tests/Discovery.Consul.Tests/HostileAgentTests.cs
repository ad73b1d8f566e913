using System.IO.Compression;
using System.Text;
using Discovery.Consul.Tests.Watching;
using Discovery.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>Malformed and malicious answers: always a <see cref="RegistryException"/>, in bounded time and memory.</summary>
public sealed class HostileAgentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "empty", [] },
        { "html", "<html>gateway</html>"u8.ToArray() },
        { "truncated", HealthAnswer.List(HealthAnswer.Entry("a"))[..^40] },
        { "not a list", "{\"Service\":{}}"u8.ToArray() },
        { "invalid UTF-8", [.. "[{\"Node\":{\"Node\":\""u8, 0xC3, 0x28, .. "\"}}"u8] },
        { "binary", [0, 1, 2, 3, 255, 254] },
        { "deeply nested", Encoding.ASCII.GetBytes(new string('[', 100_000)) },
        { "deeply nested in an entry", Encoding.ASCII.GetBytes("[{\"x\":" + new string('[', 1000) + new string(']', 1000) + "}]") },
    };

    [Theory]
    [MemberData(nameof(Garbage), DisableDiscoveryEnumeration = true)]
    public async Task WatchAsync_Garbage_ThrowsUnavailable(string kind, byte[] body)
    {
        await using var agent = await FakeAgent.AnsweringAsync(body);
        await using var registry = TestRegistry.Create(agent.Address);

        RegistryException[] failures = [await WatchFailureAsync(registry), await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled))];

        Assert.All(failures, failure => Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind));
        Assert.All(failures, failure => Assert.True(failure.Message.Contains("not what Consul sends", StringComparison.Ordinal), $"{kind}: {failure.Message}"));
    }

    // Proxies and old agents say text/plain; what counts is what stands there.
    [Fact]
    public async Task WatchAsync_ListOfAnotherContentType_IsRead()
    {
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.ContentType = "image/png";
            context.Response.Headers["X-Consul-Index"] = "5";
            await context.Response.Body.WriteAsync(HealthAnswer.List(HealthAnswer.Entry("a")), context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);
        await using var watch = WatchRecorder.Start(registry, "orders", Cancelled);

        await watch.UntilAsync(set => set.Count == 1);
    }

    [Fact]
    public async Task AnyCall_Redirect_IsNotFollowed()
    {
        await using var elsewhere = await FakeAgent.AnsweringAsync("[]"u8.ToArray());
        await using var agent = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = new Uri(elsewhere.Address, context.Request.Path).AbsoluteUri;
            return Task.CompletedTask;
        });
        await using var registry = TestRegistry.Create(agent.Address);

        await WatchFailureAsync(registry);
        await Assert.ThrowsAsync<RegistryException>(() => registry.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled));

        Assert.InRange(agent.Requests, 2, 100);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Theory]
    [InlineData(500, RegistryErrorKind.Unavailable)]
    [InlineData(503, RegistryErrorKind.Unavailable)]
    [InlineData(429, RegistryErrorKind.Unavailable)]
    [InlineData(302, RegistryErrorKind.Unavailable)]
    [InlineData(400, RegistryErrorKind.Invalid)]
    [InlineData(405, RegistryErrorKind.Invalid)]
    [InlineData(401, RegistryErrorKind.Denied)]
    [InlineData(403, RegistryErrorKind.Denied)]
    public async Task AnyCall_Status_IsSaidAsItsKind(int status, RegistryErrorKind kind)
    {
        await using var agent = await FakeAgent.AnsweringAsync("No cluster\r\nleader\u0007"u8.ToArray(), status);
        await using var registry = TestRegistry.Create(agent.Address);

        var register = await Assert.ThrowsAsync<RegistryException>(() => registry.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled));
        var services = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));
        var watch = await WatchFailureAsync(registry);

        Assert.All([register, services, watch], e => Assert.Equal(kind, e.Kind));
        Assert.DoesNotContain(register.Message, char.IsControl);
        Assert.Contains($"{status} No cluster", register.Message, StringComparison.Ordinal);
        Assert.All([register, services, watch], e => Assert.EndsWith(".", e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404, "unknown check", LeaseStatus.Forgotten)]
    [InlineData(500, "CheckID \"service:orders-1\" does not have associated TTL", LeaseStatus.Forgotten)]
    [InlineData(500, "Unknown check \"service:orders-1\"", LeaseStatus.Forgotten)]
    [InlineData(500, "No cluster leader", null)]
    public async Task KeepAliveAsync_TextOfTheAgent_IsForgottenOnlyWhereItSaysSo(int status, string text, LeaseStatus? expected)
    {
        var beats = 0;
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            var isBeat = context.Request.Path.StartsWithSegments("/v1/agent/check", StringComparison.Ordinal);
            beats += isBeat ? 1 : 0;
            context.Response.StatusCode = isBeat ? status : 200;
            await context.Response.WriteAsync(
                isBeat ? text : context.Request.Path.StartsWithSegments("/v1/agent/services", StringComparison.Ordinal) ? "{}" : AsRegistered, Cancelled);
        });
        await using var registry = TestRegistry.Create(agent.Address);
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled);

        if (expected is { } found)
        {
            Assert.Equal(found, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        }
        else
        {
            await Assert.ThrowsAsync<RegistryException>(() => lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
        }

        Assert.Equal(1, beats);
    }

    [Fact]
    public async Task WatchAsync_EndlessBody_EndsWithoutReadingItAll()
    {
        var chunk = new byte[1 << 20];
        Array.Fill(chunk, (byte)' ');
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        });
        await using var registry = TestRegistry.Create(agent.Address);

        var failure = await WatchFailureAsync(registry);

        Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind);
        Assert.True(failure.Message.Contains("longer than", StringComparison.Ordinal) || failure.Message.Contains("no answer within", StringComparison.Ordinal), failure.Message);
    }

    [Fact]
    public async Task WatchAsync_GzipBomb_EndsWithoutUnpackingItAll()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var chunk = new byte[1 << 20];
            for (var i = 0; i < 100; i++)
            {
                await gzip.WriteAsync(chunk, Cancelled);
            }
        }

        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(packed.ToArray(), context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);

        Assert.Contains("longer than", (await WatchFailureAsync(registry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_Gzip_IsRead()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(HealthAnswer.List(HealthAnswer.Entry("a"), HealthAnswer.Entry("b")), Cancelled);
        }

        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Headers["X-Consul-Index"] = "5";
            await context.Response.Body.WriteAsync(packed.ToArray(), context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);
        await using var watch = WatchRecorder.Start(registry, "orders", Cancelled);

        await watch.UntilAsync(set => set.Count == 2);
    }

    [Fact]
    public async Task WatchAsync_SlowDrip_IsGivenUp()
    {
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        await using var registry = TestRegistry.Create(agent.Address);

        Assert.Contains("no answer within", (await WatchFailureAsync(registry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_AnswersAtOnceForEver_IsPaced()
    {
        await using var agent = await FakeAgent.AnsweringAsync(HealthAnswer.List(HealthAnswer.Entry("a")));
        await using var registry = TestRegistry.Create(agent.Address);
        await using var watch = WatchRecorder.Start(registry, "orders", Cancelled);

        await Task.Delay(TimeSpan.FromSeconds(3), Cancelled); // what would be a busy loop has time to be one

        Assert.InRange(agent.Requests, 5, 15); // a burst of 5, then 2 in a second
        Assert.Contains(watch.Changes, change => change == RegistryChange.Confirmation);
    }

    [Fact]
    public async Task WatchAsync_IndexGoesBackwards_ListsAnewAndIsComplete()
    {
        var asked = new List<string?>();
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            if (asked.Count > 2)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            asked.Add(context.Request.Query["index"]);
            context.Response.Headers["X-Consul-Index"] = (asked.Count == 1 ? 541 : 7).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await context.Response.Body.WriteAsync(HealthAnswer.List(HealthAnswer.Entry(asked.Count == 1 ? "old" : "new")), context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);
        await using var watch = WatchRecorder.Start(registry, "orders", Cancelled);

        var changes = await watch.UntilChangesAsync(seen => seen.Count == 2);

        Assert.All(changes, change => Assert.True(change.IsComplete));
        Assert.Equal("new", Assert.Single(changes[1].Upserts).Id);
        Assert.Equal([null, "541", null], asked);
    }

    [Theory]
    [InlineData("X-Consul-Knownleader", "false")]
    [InlineData("X-Consul-Lastcontact", "60000")]
    public async Task WatchAsync_AnswerOfAServerWithoutALeader_IsNotTaken(string header, string value)
    {
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.Headers["X-Consul-Index"] = "5";
            context.Response.Headers[header] = value;
            await context.Response.Body.WriteAsync(HealthAnswer.List(HealthAnswer.Entry("a")), context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);

        var failure = await WatchFailureAsync(registry);

        Assert.Equal(RegistryErrorKind.Unavailable, failure.Kind);
        Assert.Contains("leader", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_FilteredHeader_IsDenied()
    {
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.Headers["X-Consul-Index"] = "5";
            context.Response.Headers["X-Consul-Results-Filtered-By-ACLs"] = "true";
            await context.Response.WriteAsync("[]", context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address);

        var failure = await WatchFailureAsync(registry);

        Assert.Equal(RegistryErrorKind.Denied, failure.Kind);
        Assert.Contains("service:read", failure.Message, StringComparison.Ordinal);
        Assert.Contains("node:read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_AgentEchoesTheToken_IsNotShown()
    {
        await using var agent = await FakeServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync($"you sent {context.Request.Headers["X-Consul-Token"]}", context.RequestAborted);
        });
        await using var registry = TestRegistry.Create(agent.Address, options => options.Token = "canary-secret");

        var failure = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));

        Assert.Contains("you sent", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    private const string AsRegistered =
        """{"Service":"orders","Address":"10.0.0.1","Port":8080,"TaggedAddresses":{"http":{"Address":"10.0.0.1","Port":8080}},"Weights":{"Passing":100,"Warning":100}}""";

    private static async Task<RegistryException> WatchFailureAsync(ConsulServiceRegistry registry)
    {
        await using var watch = WatchRecorder.Start(registry, "orders", Cancelled);
        return Assert.IsType<RegistryException>(await watch.FailureAsync(Patience));
    }
}
