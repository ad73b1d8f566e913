using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Discovery.EndToEnd.Tests.Registries;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.EndToEnd.Tests;

/// <summary>Registries that are there and will not, or whose answers are lost: said in health, logs and metrics, and healed when they will again.</summary>
public sealed class RefusalTests
{
    private const string Ttl = "00:00:06";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RegistryUnderTest.Servers), MemberType = typeof(RegistryUnderTest))]
    public async Task Registration_WhoseKeepAliveRepliesAreLost_IsSuspectAndThenStandsExactlyOnce(string provider)
    {
        await using var registry = await RegistryUnderTest.StartAsync(provider);
        await using var proxy = TcpProxy.Start(registry.Address);
        var environment = registry.EnvironmentAt(proxy.Address).Select(setting => (setting.Key, setting.Value));
        await using var app = await QuickStartApp.StartAsync(registry, [.. environment, ("Discovery__Registration__Ttl", Ttl)]);
        await app.RegisteredAsync(registry);
        var heard = proxy.ClientBytes;
        proxy.IsHalfOpen = true;

        await app.Process.WaitForLineAsync("does not answer keep-alives", cancellationToken: Cancellation);
        Assert.True(proxy.ClientBytes > heard); // what the app says does arrive
        await Eventually.HoldsAsync(async () => await app.CountInStateAsync("suspect") == 1, cancellationToken: Cancellation);
        Assert.Equal("Degraded", await ReadyAsync(app));

        proxy.IsHalfOpen = false;
        proxy.DropConnections();
        await HealedAsync(registry, app, "healthy");
    }

    [Fact]
    public async Task Registration_WhoseTokenIsDeleted_IsRefusedAndHealsWithAnotherToken()
    {
        await using var consul = await ConsulServer.StartAsync(new ConsulServerOptions { BootstrapToken = Guid.NewGuid().ToString() }, Cancellation);
        await using var registry = new ConsulUnderTest(consul);
        using var folder = new TemporaryFolder();
        var (accessor, secret) = await TokenAsync(consul, "first");
        var file = folder.Write("token", secret);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", Ttl), ("Discovery__Consul__TokenFile", file));
        await app.RegisteredAsync(registry);

        using (var deleted = await consul.Http.DeleteAsync(new Uri($"/v1/acl/token/{accessor}", UriKind.Relative), Cancellation))
        {
            deleted.EnsureSuccessStatusCode();
        }

        await app.Process.WaitForLineAsync("cannot be registered in", cancellationToken: Cancellation);
        await Eventually.HoldsAsync(async () => await app.CountInStateAsync("refused") == 1, cancellationToken: Cancellation);
        Assert.Equal("Degraded", await ReadyAsync(app));

        folder.Write("token", (await TokenAsync(consul, "second")).Secret);
        await HealedAsync(registry, app, "healthy");
        Assert.DoesNotContain(app.Process.Output.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Registration_InAnEtcdThatIsFull_SaysSoAndHealsWhenThereIsRoom()
    {
        var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { QuotaBackendBytes = 2 * 1024 * 1024 }, Cancellation);
        await using var registry = new EtcdUnderTest(etcd);
        await using var app = await QuickStartApp.StartAsync(registry, ("Discovery__Registration__Ttl", Ttl));
        await app.RegisteredAsync(registry);
        await FillAsync(etcd);
        await app.SimulateAsync("degraded");

        await app.Process.WaitForLineAsync("NOSPACE", cancellationToken: Cancellation);
        await Eventually.HoldsAsync(async () => await app.CountInStateAsync("suspect") == 1, cancellationToken: Cancellation);
        Assert.Equal("healthy", (await registry.ListAsync("quickstart"))[app.Id]); // it could not be written

        await etcd.EtcdctlAsync("del", "--prefix", "/filler/");
        var status = JsonNode.Parse(await etcd.EtcdctlAsync("endpoint", "status", "-w", "json"))!;
        await etcd.EtcdctlAsync("compact", status[0]!["Status"]!["header"]!["revision"]!.ToString());
        await etcd.EtcdctlAsync("defrag");
        await etcd.EtcdctlAsync("alarm", "disarm");
        await HealedAsync(registry, app, "degraded");
    }

    private static async Task HealedAsync(RegistryUnderTest registry, QuickStartApp app, string health)
    {
        await Eventually.HoldsAsync(async () => await app.CountInStateAsync("registered") == 1, cancellationToken: Cancellation);
        await Eventually.HoldsAsync(async () => (await registry.ListAsync("quickstart")).GetValueOrDefault(app.Id) == health, cancellationToken: Cancellation);
        Assert.Equal([app.Id], (await registry.ListAsync("quickstart")).Keys);
    }

    private static Task<string> ReadyAsync(QuickStartApp app) => app.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);

    private static async Task<(string Accessor, string Secret)> TokenAsync(ConsulServer consul, string policy)
    {
        const string Rules = """service "quickstart" { policy = "write" } node_prefix "" { policy = "read" }""";
        using var created = await consul.Http.PutAsJsonAsync("/v1/acl/policy", new { Name = policy, Rules }, Cancellation);
        created.EnsureSuccessStatusCode();
        using var token = await consul.Http.PutAsJsonAsync("/v1/acl/token", new { Policies = new[] { new { Name = policy } } }, Cancellation);
        token.EnsureSuccessStatusCode();
        var answer = (await token.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
        return ((string)answer["AccessorID"]!, (string)answer["SecretID"]!);
    }

    private static async Task FillAsync(EtcdServer etcd)
    {
        var filler = new string('x', 100_000);
        for (var i = 0; ; i++)
        {
            try
            {
                await etcd.EtcdctlAsync("put", $"/filler/{i}", filler);
            }
            catch (Exception e) when (e.Message.Contains("space exceeded", StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(i < 100, "the quota was not reached");
        }
    }
}
