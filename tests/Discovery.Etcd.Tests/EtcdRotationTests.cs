using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests;

/// <summary>An etcd with access control and mutual TLS, the role that the README gives, and credentials that are replaced under load.</summary>
public sealed class EtcdRotationTests
{
    private static readonly string Role = RepositoryFiles.Read("examples/LeastPrivilege/etcd.sh");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Readme_QuotesTheRoleAsItIsTested() => Assert.Contains($"```sh\n{Role}```", RepositoryFiles.Read("README.md"), StringComparison.Ordinal);

    [Fact]
    public async Task AppWithTheRole_MayDoWhatItNeedsAndNoMore()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, (certificates.ClientCertificatePath, certificates.ClientKeyPath), tokenTtl: 300);
        var tls = Trust(certificates);
        await using var root = TestRegistry.For(server, [.. tls, ("Username", "root"), ("Password", "root")]);
        await using var app = TestRegistry.For(server, [.. tls, ("Username", "orders"), ("Password", "first")]);
        await using var payment = await root.RegisterAsync("payments");

        await using var lease = await app.RegisterAsync("orders");
        await using var watched = app.Watch("payments");
        await watched.HoldsAsync("one");
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
        await lease.RevokeAsync(Cancelled);
        await app.Registry.DeregisterAsync("orders", "one", Cancelled);

        var write = await Assert.ThrowsAsync<RegistryException>(() => app.RegisterAsync("payments", "mine"));
        var read = await Assert.ThrowsAsync<RegistryException>(async () => await app.Registry.WatchAsync("secrets", Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync());
        Assert.Equal((RegistryErrorKind.Denied, RegistryErrorKind.Denied), (write.Kind, read.Kind));
        Assert.Contains("readwrite on prefix /services/payments/", write.Message, StringComparison.Ordinal);
        Assert.Contains("read on prefix /services/secrets/", read.Message, StringComparison.Ordinal);
        Assert.Empty(watched.Losses);
    }

    [Fact]
    public async Task PasswordTokenAndCertificateReplaced_UnderLoad_NoRegistrationIsLost()
    {
        using var folder = new TemporaryFolder();
        using var before = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        var own = (before.Write("own.pem", File.ReadAllText(certificates.ClientCertificatePath)), before.Write("own.key", File.ReadAllText(certificates.ClientKeyPath)));
        certificates.IssueClient(TimeSpan.FromSeconds(25));
        (string Key, string? Value)[] old =
        [
            ("Tls:CaCertificatePath", certificates.CaCertificatePath),
            ("Tls:ClientCertificatePath", before.Write("old.pem", File.ReadAllText(certificates.ClientCertificatePath))),
            ("Tls:ClientKeyPath", before.Write("old.key", File.ReadAllText(certificates.ClientKeyPath))),
        ];
        await using var server = await StartAsync(certificates, own, tokenTtl: 2);
        await using var proxy = TcpProxy.Start(server.Endpoint);
        var passwordFile = folder.Write("password", "first");
        await using var test = TestRegistry.Create(
            [new Uri($"https://127.0.0.1:{proxy.Address.Port}")], [.. Trust(certificates), ("Username", "orders"), ("PasswordFile", passwordFile)]);
        await using var load = await RegistryLoad.StartAsync(
            test.Registry, [.. Enumerable.Range(0, 10).Select(i => TestRegistry.Instance("orders", $"orders-{i}"))], TestRegistry.Ttl, () => KeysAsync(server));

        foreach (var password in (string[])["second", "third"])
        {
            await server.EtcdctlAsRootAsync("user", "delete", "orders"); // with it go its tokens, also those that streams were opened with
            await server.EtcdctlAsRootAsync("user", "add", $"orders:{password}");
            await server.EtcdctlAsRootAsync("user", "grant-role", "orders", "orders");
            folder.Write("password", password);
            await load.GoesOnAsync();
        }

        certificates.IssueClient(TimeSpan.FromHours(1));
        await Eventually.HoldsAsync(() => IsTurnedAwayAsync(server, old), TimeSpan.FromSeconds(40), Cancelled); // the old one has expired
        await Eventually.HoldsAsync(() => test.Logs.Of(3011).Count > 0, cancellationToken: Cancelled);
        await load.GoesOnAsync();
        proxy.DropConnections();
        await load.GoesOnAsync();
        await Eventually.HoldsAsync(() => load.Found.Count == 10, cancellationToken: Cancelled);

        Assert.Empty(load.Lost);
        Assert.InRange(load.Observations, 10, int.MaxValue);
        Assert.True(test.Logs.Of(3001).Count > 0, "the token was renewed");
    }

    private static async Task<bool> IsTurnedAwayAsync(EtcdServer server, (string Key, string? Value)[] tls)
    {
        await using var test = TestRegistry.For(server, [.. tls, ("Username", "root"), ("Password", "root")]);
        try
        {
            await test.Registry.GetServicesAsync(Cancelled);
            return false;
        }
        catch (RegistryException e) when (e.Kind == RegistryErrorKind.Denied)
        {
            return true;
        }
    }

    private static async Task<IReadOnlyCollection<string>> KeysAsync(EtcdServer server)
    {
        var keys = await server.EtcdctlAsRootAsync("get", "--prefix", "--keys-only", "/services/orders/");
        return [.. keys.Split('\n').Where(line => line.Length > 0).Select(key => key.Split('/')[^1])];
    }

    private static (string Key, string? Value)[] Trust(TestCertificates certificates) =>
    [
        ("Tls:CaCertificatePath", certificates.CaCertificatePath),
        ("Tls:ClientCertificatePath", certificates.ClientCertificatePath),
        ("Tls:ClientKeyPath", certificates.ClientKeyPath),
    ];

    /// <summary>The commands of the example, the password given instead of asked for.</summary>
    private static IEnumerable<string[]> Commands => Role.Split('\n')
        .Where(line => line.StartsWith("etcdctl ", StringComparison.Ordinal))
        .Select(line => line == "etcdctl user add orders" ? $"{line}:first" : line)
        .Select(line => line.Split(' ')[1..]);

    private static async Task<EtcdServer> StartAsync(TestCertificates certificates, (string, string) etcdctl, int tokenTtl)
    {
        var server = await EtcdServer.StartAsync(
            new EtcdServerOptions { Tls = certificates.Server(requireClientCertificate: true), EtcdctlCertificate = etcdctl, AuthTokenTtlSeconds = tokenTtl }, Cancelled);
        foreach (var command in (string[][])[["user", "add", "root:root"], ["user", "grant-role", "root", "root"], .. Commands, ["auth", "enable"]])
        {
            await server.EtcdctlAsync(command);
        }

        return server;
    }
}
