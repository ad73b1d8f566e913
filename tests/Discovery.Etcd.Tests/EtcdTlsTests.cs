using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Etcd.Tests;

public sealed class EtcdTlsTests
{
    [Fact]
    public async Task Registry_WithTheAuthorityAndAClientCertificate_RegistersAndWatches()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates);
        await using var test = TestRegistry.For(server, Trust(certificates));

        await using var lease = await test.RegisterAsync("orders");
        await using var watched = test.Watch("orders");

        await watched.HoldsAsync("one");
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
    }

    [Fact]
    public async Task Registry_WithoutTheAuthority_IsDeniedForTheCertificate()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(TestCertificates.Create(folder));
        await using var test = TestRegistry.For(server);

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));
        await using var watched = test.Watch("orders");
        await Eventually.HoldsAsync(() => watched.Losses.Count > 0, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(RegistryErrorKind.Denied, e.Kind);
        Assert.Contains("of an authority that this machine does not trust", e.Message, StringComparison.Ordinal);
        Assert.Equal(RegistryErrorKind.Denied, watched.Losses.First().Kind);
    }

    [Fact]
    public async Task Registry_WithoutTheClientCertificateThatIsAskedFor_FailsInTimeAndNamesTheEndpoint()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates);
        await using var test = TestRegistry.For(server, ("Tls:CaCertificatePath", certificates.CaCertificatePath));

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));

        Assert.Contains(server.Endpoint.GetLeftPart(UriPartial.Authority), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registry_WithAServerName_ExpectsItInTheCertificateWhileItConnectsToTheEndpoint()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates);
        await using var right = TestRegistry.For(server, [.. Trust(certificates), ("Tls:ServerName", "localhost")]);
        await using var wrong = TestRegistry.For(server, [.. Trust(certificates), ("Tls:ServerName", "elsewhere.example")]);

        await using var lease = await right.RegisterAsync("orders");
        var e = await Assert.ThrowsAsync<RegistryException>(() => wrong.RegisterAsync("orders", "two"));

        Assert.Equal(RegistryErrorKind.Denied, e.Kind);
        Assert.Contains("the server's certificate is not for the ServerName 'elsewhere.example'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "the server's certificate, or one it was issued by, has expired")]
    [InlineData(true, "the client certificate in ClientCertificatePath has expired")]
    public async Task Registry_WithACertificateThatHasExpired_IsDeniedAndSaysWhose(bool ofClient, string reason)
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        (ofClient ? certificates.IssueClient : (Action<TimeSpan>)certificates.IssueServer)(TimeSpan.FromHours(-1));
        await using var server = await StartAsync(certificates);

        for (var i = 0; i < 20; i++) // the end of a connection is found in one of several places
        {
            await using var test = TestRegistry.For(server, Trust(certificates));
            var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));

            Assert.True(e.Kind == RegistryErrorKind.Denied, e.ToString());
            Assert.Contains(reason, e.Message, StringComparison.Ordinal);
            Assert.Equal(ofClient ? 1 : 0, test.Logs.Of(3014).Count);
        }
    }

    [Fact]
    public async Task Registry_HttpsToAnEtcdThatSpeaksHttp_NamesTheScheme()
    {
        using var folder = new TemporaryFolder();
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.Create([new UriBuilder(server.Endpoint) { Scheme = "https" }.Uri], Trust(TestCertificates.Create(folder)));

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));

        Assert.Equal(RegistryErrorKind.Unavailable, e.Kind); // a server that dies at that moment looks the same
        Assert.Contains("its address must begin with http://", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registry_HttpToAnEtcdThatSpeaksTls_NamesTheScheme()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(TestCertificates.Create(folder));

        for (var i = 0; i < 100; i++) // the end of a connection is found in one of three places
        {
            await using var test = TestRegistry.Create([new UriBuilder(server.Endpoint) { Scheme = "http" }.Uri], []);

            var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));

            Assert.Equal(RegistryErrorKind.Unavailable, e.Kind);
            Assert.Contains("its address must begin with https://", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http", 1)]
    [InlineData("https", 0)]
    public async Task Registry_TlsThatAnEndpointInClearTextLeavesUnused_IsWarnedAbout(string scheme, int warnings)
    {
        using var folder = new TemporaryFolder();
        await using var test = TestRegistry.Create([new Uri($"{scheme}://127.0.0.1:1")], Trust(TestCertificates.Create(folder)));

        Assert.Equal(warnings, test.Logs.Of(3013).Count);
        Assert.Equal(warnings == 0, test.Registry.IsAuthenticated);
    }

    [Fact]
    public async Task Registry_ServerGoneThatHasAnswered_SaysNothingOfTheScheme()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var test = TestRegistry.For(server);
        await using var lease = await test.RegisterAsync("orders");
        await server.KillAsync();

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders", "two", TimeSpan.FromSeconds(30)));

        Assert.DoesNotContain("must begin with", e.Message, StringComparison.Ordinal);
    }

    private static (string Key, string? Value)[] Trust(TestCertificates certificates) =>
    [
        ("Tls:CaCertificatePath", certificates.CaCertificatePath),
        ("Tls:ClientCertificatePath", certificates.ClientCertificatePath),
        ("Tls:ClientKeyPath", certificates.ClientKeyPath),
    ];

    private static Task<EtcdServer> StartAsync(TestCertificates certificates) => EtcdServer.StartAsync(
        new EtcdServerOptions
        {
            Tls = certificates.Server(requireClientCertificate: true),
            EtcdctlCertificate = (certificates.ClientCertificatePath, certificates.ClientKeyPath),
        },
        TestContext.Current.CancellationToken);
}
