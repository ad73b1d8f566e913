using System.Diagnostics;
using Discovery.Etcd.Channels;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Etcd.Tests;

public sealed class EtcdAuthenticationTests
{
    private const string Password = "canary-3f9a";

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task Registry_AfterItsTokenExpired_AsksForAnother(EtcdVersion version)
    {
        await using var server = await StartAsync(version);
        await using var test = For(server, "svc", Password);
        var cancellationToken = TestContext.Current.CancellationToken;
        await test.Registry.GetServicesAsync(cancellationToken);

        await ExpireTokensAsync(server);
        Assert.Empty(test.Logs.Of(3001));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => test.Registry.GetServicesAsync(cancellationToken)));

        Assert.Single(test.Logs.Of(3001));
    }

    [Theory]
    [InlineData(EtcdVersion.V34)]
    [InlineData(EtcdVersion.V35)]
    public async Task Registry_WhoseTokenIsTakenAwayUnderItsStreams_GoesOnWithAnother(EtcdVersion version)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("password", Password);
        await using var server = await StartAsync(version);
        await using var test = TestRegistry.For(server, ("Username", "svc"), ("PasswordFile", file));
        await using var lease = await test.RegisterAsync("orders");
        await using var watched = test.Watch("orders");
        await watched.HoldsAsync("one");

        await server.EtcdctlAsRootAsync("user", "delete", "svc");
        await server.EtcdctlAsRootAsync("user", "add", "svc:new-canary");
        await server.EtcdctlAsRootAsync("user", "grant-role", "svc", "svc");
        folder.Write("password", "new-canary");
        await Eventually.HoldsAsync(() => IsDoneAsync(() => test.RegisterAsync("orders", "two")), cancellationToken: TestContext.Current.CancellationToken);
        await using var another = test.Watch("payments"); // on the stream that was opened with the old token
        await another.ListedAsync();
        await using var payment = await test.RegisterAsync("payments", "p");
        await another.HoldsAsync("p");
        await watched.HoldsAsync("one", "two");

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease, HealthStatus.Degraded));
        Assert.True(test.Logs.Of(3202).Count > 0, "the stream was opened anew with another token");
        Assert.Empty(watched.Losses);
        Assert.Empty(another.Losses);
        Assert.DoesNotContain("canary", string.Join(' ', test.Logs.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCall_WithoutThePermission_IsDeniedAndNamesIt()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await StartAsync(EtcdVersion.V35);
        await using var test = For(server, "reader", Password);

        var register = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));
        var deregister = await Assert.ThrowsAsync<RegistryException>(() => test.Registry.DeregisterAsync("orders", "one", cancellationToken));
        var watch = await Assert.ThrowsAsync<RegistryException>(async () => await test.Registry.WatchAsync("secrets", cancellationToken).GetAsyncEnumerator(cancellationToken).MoveNextAsync());
        var services = await Assert.ThrowsAsync<RegistryException>(() => test.Registry.GetServicesAsync(cancellationToken));

        Assert.All([register, deregister, watch, services], e => Assert.Equal(RegistryErrorKind.Denied, e.Kind));
        Assert.Contains("readwrite on prefix /services/orders/", register.Message, StringComparison.Ordinal);
        Assert.Contains("readwrite on prefix /services/orders/", deregister.Message, StringComparison.Ordinal);
        Assert.Contains("read on prefix /services/secrets/", watch.Message, StringComparison.Ordinal);
        Assert.Contains("read on prefix /services/", services.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_WhosePermissionIsTakenAway_IsDeniedWhenItIsResumed()
    {
        await using var server = await StartAsync(EtcdVersion.V35);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        await using var test = TestRegistry.Create([proxy.Address], [("Username", "reader"), ("Password", Password)]);
        await using var watched = test.Watch("orders");
        await watched.ListedAsync();

        await server.EtcdctlAsRootAsync("role", "revoke-permission", "reader", "/services/orders/", "--prefix");
        proxy.IsBlackHole = proxy.IsHalfOpen = false;
        proxy.DropConnections();

        await Eventually.HoldsAsync(() => watched.Losses.Count > 0, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(RegistryErrorKind.Denied, watched.Losses.First().Kind);
        Assert.Contains("read on prefix /services/orders/", watched.Losses.First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registry_WithAWrongPassword_IsDeniedAndDoesNotTellIt()
    {
        await using var server = await StartAsync(EtcdVersion.V35);
        await using var test = For(server, "svc", "wrong-canary-77b1");

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));

        Assert.Equal(RegistryErrorKind.Denied, e.Kind);
        Assert.Contains("password", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", $"{e} {test.Registry.Description} {string.Join(' ', test.Logs.Entries)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registry_WithoutAUserWhereOneIsNeeded_IsDenied()
    {
        await using var server = await StartAsync(EtcdVersion.V35);
        await using var test = TestRegistry.For(server);

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));

        Assert.Equal(RegistryErrorKind.Denied, e.Kind);
    }

    [Fact]
    public async Task Registry_WithAUserWhereNoneIsNeeded_WorksAndSaysSo()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = For(server, "svc", Password);

        await using var lease = await test.RegisterAsync("orders");

        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
        Assert.Single(test.Logs.Of(3002));
    }

    [Fact]
    public async Task TokenSource_ForManyAtOnce_LogsInOnce()
    {
        await using var server = await StartAsync(EtcdVersion.V35);
        await using var test = For(server, "svc", Password);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => test.RegisterAsync("orders", $"i{i}")));

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(server.Endpoint, "/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Authenticate\",grpc_service=\"etcdserverpb.Auth\",grpc_type=\"unary\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenSource_WhoseTokensAreAllRefused_LogsInOnceASecondForAll()
    {
        var logins = 0;
        await using var server = await FakeEtcd.StartAsync(context => context.Request.Path.Value!.EndsWith("/Authenticate", StringComparison.Ordinal)
            ? FakeEtcd.AnswerAsync(context, [new AuthenticateResponse { Header = FakeEtcd.Header(), Token = $"token.{Interlocked.Increment(ref logins)}" }])
            : FakeEtcd.AnswerAsync(context, [], status: 16, text: "etcdserver: invalid auth token"));
        await using var test = TestRegistry.Create([server.Address], [("Username", "svc"), ("Password", Password)]);
        var startedAt = Stopwatch.GetTimestamp();
        var denied = 0;

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(3))
            {
                var refused = await Assert.ThrowsAsync<RegistryException>(() => test.Registry.GetServicesAsync(TestContext.Current.CancellationToken));
                Interlocked.Add(ref denied, refused.Kind is RegistryErrorKind.Denied ? 1 : 0); // a call may also time out: ten ask without a pause
            }
        }));

        Assert.InRange(logins, 2, 2 + Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        Assert.True(denied > 3 * logins, $"{denied} calls were denied, for {logins} log-ins: all were to be busy meanwhile.");
    }

    private static TestRegistry For(EtcdServer server, string user, string password) => TestRegistry.For(server, ("Username", user), ("Password", password));

    private static async Task<EtcdServer> StartAsync(EtcdVersion version)
    {
        var server = await EtcdServer.StartAsync(new EtcdServerOptions { Version = version, AuthTokenTtlSeconds = 1 }, TestContext.Current.CancellationToken);
        foreach (var command in new string[][]
        {
            ["user", "add", "root:root"],
            ["user", "grant-role", "root", "root"],
            ["role", "add", "svc"],
            ["role", "grant-permission", "svc", "readwrite", "--prefix", "/services/"],
            ["user", "add", $"svc:{Password}"],
            ["user", "grant-role", "svc", "svc"],
            ["role", "add", "reader"],
            ["role", "grant-permission", "reader", "read", "--prefix", "/services/orders/"],
            ["user", "add", $"reader:{Password}"],
            ["user", "grant-role", "reader", "reader"],
            ["auth", "enable"],
        })
        {
            await server.EtcdctlAsync(command);
        }

        return server;
    }

    /// <summary>Waits until a token that is asked for now is refused: so are those that were asked for before, and not used meanwhile.</summary>
    private static async Task ExpireTokensAsync(EtcdServer server)
    {
        using var channel = GrpcChannel.ForAddress(server.Endpoint);
        var login = await new Auth.AuthClient(channel).AuthenticateAsync(new AuthenticateRequest { Name = "svc", Password = Password });
        var headers = new Metadata { { TokenSource.Header, login.Token } };
        var read = new RangeRequest { Key = ByteString.CopyFromUtf8("/services/x") };
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken); // to ask in between would keep it from expiring
        Assert.False(await IsDoneAsync(() => new KV.KVClient(channel).RangeAsync(read, headers).ResponseAsync));
    }

    private static async Task<bool> IsDoneAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception e) when (e is RpcException or RegistryException)
        {
            return false;
        }
    }
}
