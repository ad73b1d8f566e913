using Discovery.Security;
using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

public sealed class ConsulTlsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllCalls_MutualTls_Work()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        await using var registry = TestRegistry.Create(server.HttpsAddress!, options => options.Tls = certificates.Client(withClientCertificate: true));
        await using var lease = await registry.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(registry, "orders", Cancelled);

        await watch.UntilAsync(set => set.Count == 1);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled));
    }

    [Fact]
    public async Task AllCalls_ServerName_IsVerifiedWhileTheConnectionGoesToTheAddress()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: false);
        await using var named = TestRegistry.Create(new UriBuilder(server.HttpsAddress!) { Host = "127.0.0.1" }.Uri, options =>
        {
            options.Tls = certificates.Client(withClientCertificate: false);
            options.Tls.ServerName = "localhost";
        });
        await using var wronglyNamed = TestRegistry.Create(server.HttpsAddress!, options =>
        {
            options.Tls = certificates.Client(withClientCertificate: false);
            options.Tls.ServerName = "consul.example";
        });

        Assert.Contains("consul", await named.GetServicesAsync(Cancelled));
        await AssertTlsAsync(wronglyNamed);
    }

    [Theory]
    [InlineData(false, "of an authority that this machine does not trust")]
    [InlineData(true, "the server asks for a client certificate")]
    public async Task AnyCall_CertificateNotTrustedOrMissing_IsDeniedAndSaysSo(bool trusted, string reason)
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: trusted);
        await using var registry = TestRegistry.Create(
            server.HttpsAddress!, options => options.Tls = trusted ? certificates.Client(withClientCertificate: false) : new TlsOptions());

        for (var i = 0; i < 20; i++) // how the connection breaks is a race
        {
            var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));
            Assert.True(refused.Kind == RegistryErrorKind.Denied, refused.ToString());
            Assert.Contains("TLS", refused.Message, StringComparison.Ordinal);
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, "the server's certificate, or one it was issued by, has expired")]
    [InlineData(true, "the client certificate in ClientCertificatePath has expired")]
    public async Task AnyCall_CertificateThatHasExpired_IsDeniedAndSaysWhose(bool ofClient, string reason)
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        (ofClient ? certificates.IssueClient : (Action<TimeSpan>)certificates.IssueServer)(TimeSpan.FromHours(-1));
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        using var logs = new ListLoggerProvider();
        await using var registry = TestRegistry.Create(
            server.HttpsAddress!, options => options.Tls = certificates.Client(withClientCertificate: true), logger: logs.CreateLogger("consul"));

        for (var i = 0; i < 20; i++)
        {
            var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));
            Assert.True(refused.Kind == RegistryErrorKind.Denied, refused.ToString());
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(ofClient ? 1 : 0, logs.Of(2104).Count);
    }

    [Fact]
    public async Task AnyCall_ClientCertificateOfAnotherAuthority_IsNotTakenForAnOutage()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        await using var registry = TestRegistry.Create(server.HttpsAddress!, options =>
        {
            options.Tls = TestCertificates.Create(other).Client(withClientCertificate: true);
            options.Tls.CaCertificatePath = certificates.CaCertificatePath;
        });

        for (var i = 0; i < 20; i++)
        {
            var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));
            Assert.Equal(RegistryErrorKind.Denied, refused.Kind);
            Assert.Contains("certificate", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnyCall_ServerDownBehindTls_IsUnavailable()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        await using var registry = TestRegistry.Create(server.HttpsAddress!, options => options.Tls = certificates.Client(withClientCertificate: true));
        await server.KillAsync();

        Assert.Equal(RegistryErrorKind.Unavailable, (await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled))).Kind);
    }

    [Fact]
    public async Task AnyCall_FilesReplaced_UsesTheNewOnes()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        var used = TestCertificates.Create(other); // of another authority: this server trusts none of it
        await using var registry = TestRegistry.Create(server.HttpsAddress!, options => options.Tls = used.Client(withClientCertificate: true), time);
        await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));

        File.Copy(certificates.CaCertificatePath, used.CaCertificatePath, overwrite: true);
        File.Copy(certificates.ClientCertificatePath, used.ClientCertificatePath, overwrite: true);
        File.Copy(certificates.ClientKeyPath, used.ClientKeyPath, overwrite: true);
        File.SetLastWriteTimeUtc(used.ClientKeyPath, DateTime.UtcNow.AddSeconds(5));
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Contains("consul", await registry.GetServicesAsync(Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyCall_HttpsToAConsulThatSpeaksHttp_IsDeniedAndNamesTheScheme(bool withClientCertificate)
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await ConsulServer.StartAsync(cancellationToken: Cancelled);
        await using var registry = TestRegistry.Create(
            new UriBuilder(server.Address) { Scheme = "https" }.Uri, options => options.Tls = certificates.Client(withClientCertificate));

        var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));

        Assert.Equal(RegistryErrorKind.Denied, refused.Kind);
        Assert.Contains("the server does not speak TLS", refused.Message, StringComparison.Ordinal);
        Assert.Contains("http://", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http", 1)]
    [InlineData("https", 0)]
    public async Task Registry_TlsThatAnAddressInClearTextLeavesUnused_IsWarnedAbout(string scheme, int warnings)
    {
        using var folder = new TemporaryFolder();
        using var logs = new ListLoggerProvider();
        var options = new ConsulOptions { Address = $"{scheme}://127.0.0.1:1", Tls = TestCertificates.Create(folder).Client(withClientCertificate: true) };
        await using var registry = new ConsulServiceRegistry(options, TimeProvider.System, logs.CreateLogger("consul"));

        Assert.Equal(warnings, logs.Of(2103).Count);
        Assert.Equal(warnings == 0, registry.IsAuthenticated);
    }

    [Fact]
    public async Task AnyCall_HttpToAConsulThatSpeaksTls_NamesTheScheme()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(TestCertificates.Create(folder), requireClientCertificate: false);
        await using var registry = TestRegistry.Create(new UriBuilder(server.HttpsAddress!) { Scheme = "http" }.Uri);

        var refused = await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled));

        Assert.Equal(RegistryErrorKind.Invalid, refused.Kind);
        Assert.Contains("its address must begin with https://", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ConsulServer> StartAsync(TestCertificates certificates, bool requireClientCertificate) =>
        ConsulServer.StartAsync(new ConsulServerOptions { Tls = certificates.Server(requireClientCertificate) }, Cancelled);

    private static async Task AssertTlsAsync(ConsulServiceRegistry registry) => Assert.Contains(
        "TLS", (await Assert.ThrowsAsync<RegistryException>(() => registry.GetServicesAsync(Cancelled))).Message, StringComparison.Ordinal);
}
