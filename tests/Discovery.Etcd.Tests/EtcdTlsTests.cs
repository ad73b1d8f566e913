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
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        await using var test = TestRegistry.For(server, [.. Trust(certificates), ("Tls:ClientCertificatePath", certificates.ClientCertificatePath), ("Tls:ClientKeyPath", certificates.ClientKeyPath)]);

        await using var lease = await test.RegisterAsync("orders");
        await using var watched = test.Watch("orders");

        await watched.HoldsAsync("one");
        Assert.Equal(LeaseStatus.Held, await TestRegistry.KeepAliveAsync(lease));
    }

    [Fact]
    public async Task Registry_WithoutTheAuthority_IsDeniedForTheCertificate()
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(TestCertificates.Create(folder), requireClientCertificate: false);
        await using var test = TestRegistry.For(server);

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));
        await using var watched = test.Watch("orders");
        await Eventually.HoldsAsync(() => watched.Losses.Count > 0, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(RegistryErrorKind.Denied, e.Kind);
        Assert.Contains("certificate", e.Message, StringComparison.Ordinal);
        Assert.Equal(RegistryErrorKind.Denied, watched.Losses.First().Kind);
    }

    [Fact]
    public async Task Registry_WithoutTheClientCertificateThatIsAskedFor_FailsInTime()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: true);
        await using var test = TestRegistry.For(server, [.. Trust(certificates)]);

        var e = await Assert.ThrowsAsync<RegistryException>(() => test.RegisterAsync("orders"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{e.Kind} {e.Message}");
    }

    [Fact]
    public async Task Registry_WithAServerName_ExpectsItInTheCertificateWhileItConnectsToTheEndpoint()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates, requireClientCertificate: false);
        await using var right = TestRegistry.For(server, [.. Trust(certificates), ("Tls:ServerName", "localhost")]);
        await using var wrong = TestRegistry.For(server, [.. Trust(certificates), ("Tls:ServerName", "elsewhere.example")]);

        await using var lease = await right.RegisterAsync("orders");
        var e = await Assert.ThrowsAsync<RegistryException>(() => wrong.RegisterAsync("orders", "two"));

        Assert.Equal(RegistryErrorKind.Denied, e.Kind);
        Assert.Contains("RemoteCertificateNameMismatch", e.Message, StringComparison.Ordinal);
    }

    private static (string Key, string? Value)[] Trust(TestCertificates certificates) => [("Tls:CaCertificatePath", certificates.CaCertificatePath)];

    private static Task<EtcdServer> StartAsync(TestCertificates certificates, bool requireClientCertificate) => EtcdServer.StartAsync(
        new EtcdServerOptions
        {
            Tls = certificates.Server(requireClientCertificate),
            EtcdctlCertificate = (certificates.ClientCertificatePath, certificates.ClientKeyPath),
        },
        TestContext.Current.CancellationToken);
}
