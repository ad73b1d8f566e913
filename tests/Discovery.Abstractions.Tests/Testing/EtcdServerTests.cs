using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Tests.Testing;

public sealed class EtcdServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EtcdVersion.V34, "3.4.")]
    [InlineData(EtcdVersion.V35, "3.5.")]
    public async Task StartAgain_AfterKill_KeepsData(EtcdVersion version, string number)
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerOptions { Version = version }, Cancel);
        Assert.Contains($"\"version\":\"{number}", await server.EtcdctlAsync("endpoint", "status", "-w", "json"), StringComparison.Ordinal);
        await server.EtcdctlAsync("put", "test", "kept");

        await server.KillAsync();
        Assert.False(server.IsRunning);
        await server.StartAgainAsync(cancellationToken: Cancel);

        Assert.Equal("kept", await server.EtcdctlAsync("get", "test", "--print-value-only"));
    }

    [Fact]
    public async Task StartAgain_Wiped_HasLostItsData()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancel);
        await server.EtcdctlAsync("put", "test", "kept");

        await server.StopAsync();
        await server.StartAgainAsync(wipe: true, Cancel);

        Assert.Equal("", await server.EtcdctlAsync("get", "test", "--print-value-only"));
    }

    [Fact]
    public async Task Etcdctl_ServerSuspended_FailsWithWhatItWrote()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Cancel);

        server.Suspend();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => server.EtcdctlAsync("--command-timeout=1s", "get", "test"));
        server.Resume();

        Assert.Contains("deadline exceeded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithClientCertificateRequired_ServesEtcdctlWithOne()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        var options = new EtcdServerOptions
        {
            Tls = certificates.Server(requireClientCertificate: true),
            EtcdctlCertificate = (certificates.ClientCertificatePath, certificates.ClientKeyPath),
        };
        await using var server = await EtcdServer.StartAsync(options, Cancel);

        Assert.Equal("OK", await server.EtcdctlAsync("put", "test", "kept"));
    }

    [Fact]
    public async Task FindLeader_LeaderKilled_IsAnother()
    {
        await using var cluster = await EtcdCluster.StartAsync(cancellationToken: Cancel);
        var first = await cluster.FindLeaderAsync();

        await first.KillAsync();
        var second = await cluster.FindLeaderAsync();

        Assert.NotSame(first, second);
        await first.StartAgainAsync(cancellationToken: Cancel);
        Assert.Equal("OK", await first.EtcdctlAsync("put", "test", "kept"));
    }
}
