using Discovery.Testing;
using Discovery.Testing.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Discovery.Consul.Tests;

/// <summary>The policy that the README gives, on a Consul that denies by default and asks for client certificates.</summary>
public sealed class ConsulLeastPrivilegeTests
{
    private static readonly string Policy = RepositoryFiles.Read("examples/LeastPrivilege/consul.hcl");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Readme_QuotesThePolicyAsItIsTested() => Assert.Contains($"```hcl\n{Policy}```", RepositoryFiles.Read("README.md"), StringComparison.Ordinal);

    [Fact]
    public async Task AppWithThePolicy_MayDoWhatItNeedsAndNoMore()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates);
        await using var root = Create(server, certificates, server.Token!);
        await using var app = Create(server, certificates, (await ConsulTokens.CreateAsync(server, Policy)).Secret);
        await using var payment = await root.RegisterAsync(TestRegistry.Instance("payments"), TestRegistry.Ttl, Cancelled);
        await root.RegisterAsync(TestRegistry.Instance("secrets"), TestRegistry.Ttl, Cancelled);

        await using var lease = await app.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(app, "payments", Cancelled);
        await watch.UntilAsync(set => set.Count == 1);
        Assert.Equal(LeaseStatus.Held, await lease.KeepAliveAsync(HealthStatus.Degraded, "slow", Cancelled));
        Assert.Equal(["orders", "payments"], await app.GetServicesAsync(Cancelled));
        await lease.RevokeAsync(Cancelled);
        await app.DeregisterAsync("orders", "orders-1", Cancelled);

        var write = await Assert.ThrowsAsync<RegistryException>(() => app.RegisterAsync(TestRegistry.Instance("payments", "mine"), TestRegistry.Ttl, Cancelled));
        var read = await WatchRecorder.Start(app, "secrets", Cancelled).FailureAsync();
        Assert.Equal(RegistryErrorKind.Denied, write.Kind);
        Assert.Contains("service:write on service \"payments\"", write.Message, StringComparison.Ordinal);
        Assert.Contains("service:read on service \"secrets\"", Assert.IsType<RegistryException>(read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAliveAsync_TokenDeleted_IsDeniedAndSaysThatItIsUnknown()
    {
        using var folder = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        await using var server = await StartAsync(certificates);
        var token = await ConsulTokens.CreateAsync(server, Policy);
        await using var app = Create(server, certificates, token.Secret);
        await using var lease = await app.RegisterAsync(TestRegistry.Instance("orders"), TestRegistry.Ttl, Cancelled);
        await using var watch = WatchRecorder.Start(app, "orders", Cancelled);
        await watch.UntilAsync(set => set.Count == 1);

        await ConsulTokens.DeleteAsync(server, token);

        var denied = await Eventually.IsAsync(() => BeatAsync(lease), failure => failure is not null, cancellationToken: Cancelled);
        Assert.Equal(RegistryErrorKind.Denied, denied!.Kind);
        Assert.Contains("does not know the ACL token", denied.Message, StringComparison.Ordinal);
        Assert.Equal(RegistryErrorKind.Denied, Assert.IsType<RegistryException>(await watch.FailureAsync(TimeSpan.FromSeconds(40))).Kind);
    }

    private static async Task<RegistryException?> BeatAsync(IServiceLease lease)
    {
        try
        {
            await lease.KeepAliveAsync(HealthStatus.Healthy, null, Cancelled);
            return null;
        }
        catch (RegistryException e)
        {
            return e;
        }
    }

    private static ConsulServiceRegistry Create(ConsulServer server, TestCertificates certificates, string token) =>
        TestRegistry.Create(server.HttpsAddress!, options =>
        {
            options.Token = token;
            options.Tls = certificates.Client(withClientCertificate: true);
        });

    private static Task<ConsulServer> StartAsync(TestCertificates certificates) => ConsulServer.StartAsync(
        new ConsulServerOptions { BootstrapToken = Guid.NewGuid().ToString(), Tls = certificates.Server(requireClientCertificate: true) }, Cancelled);
}
