using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Discovery.Testing;
using Discovery.Testing.Servers;

namespace Discovery.Consul.Tests;

/// <summary>Tokens and certificates that are replaced while registrations beat and lookups run.</summary>
public sealed class ConsulRotationTests
{
    private static readonly string Policy = RepositoryFiles.Read("examples/LeastPrivilege/consul.hcl");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TokenAndCertificateReplaced_UnderLoad_NoRegistrationIsLost()
    {
        using var folder = new TemporaryFolder();
        using var before = new TemporaryFolder();
        var certificates = TestCertificates.Create(folder);
        certificates.IssueClient(TimeSpan.FromSeconds(15));
        var old = Copy(certificates, before);
        await using var server = await ConsulServer.StartAsync(
            new ConsulServerOptions { BootstrapToken = Guid.NewGuid().ToString(), Tls = certificates.Server(requireClientCertificate: true) }, Cancelled);
        await using var proxy = TcpProxy.Start(new Uri($"http://127.0.0.1:{server.HttpsAddress!.Port}"));
        var token = await ConsulTokens.CreateAsync(server, Policy);
        var tokenFile = folder.Write("token", token.Secret);
        await using var registry = TestRegistry.Create(new Uri($"https://localhost:{proxy.Address.Port}"), options =>
        {
            options.TokenFile = tokenFile;
            options.Tls = certificates.Client(withClientCertificate: true);
        });
        await using var load = await RegistryLoad.StartAsync(
            registry, [.. Enumerable.Range(0, 10).Select(i => TestRegistry.Instance("orders", $"orders-{i}"))], TestRegistry.Ttl, () => PassingAsync(server));

        for (var i = 0; i < 3; i++)
        {
            var next = await ConsulTokens.CreateAsync(server, Policy);
            folder.Write("token", next.Secret);
            await ConsulTokens.DeleteAsync(server, token);
            token = next;
            await load.GoesOnAsync();
        }

        certificates.IssueClient(TimeSpan.FromHours(1));
        await Eventually.HoldsAsync(() => IsTurnedAwayAsync(server, old), TimeSpan.FromSeconds(40), Cancelled); // the old one has expired
        proxy.DropConnections();
        await load.GoesOnAsync();
        await Eventually.HoldsAsync(() => load.Found.Count == 10, cancellationToken: Cancelled);

        Assert.Empty(load.Lost);
        Assert.InRange(load.Observations, 10, int.MaxValue);
    }

    private static async Task<IReadOnlyCollection<string>> PassingAsync(ConsulServer server)
    {
        var entries = await server.Http.GetFromJsonAsync<JsonArray>("/v1/health/service/orders?passing", Cancelled);
        return [.. entries!.Select(entry => (string)entry!["Service"]!["ID"]!)];
    }

    private static TestCertificatePaths Copy(TestCertificates certificates, TemporaryFolder folder)
    {
        return new(certificates.CaCertificatePath, Of(certificates.ClientCertificatePath), Of(certificates.ClientKeyPath));

        string Of(string path) => folder.Write(Path.GetFileName(path), File.ReadAllText(path));
    }

    private static async Task<bool> IsTurnedAwayAsync(ConsulServer server, TestCertificatePaths old)
    {
        await using var registry = TestRegistry.Create(server.HttpsAddress!, options =>
        {
            options.Token = server.Token;
            options.Tls.CaCertificatePath = old.Ca;
            options.Tls.ClientCertificatePath = old.Certificate;
            options.Tls.ClientKeyPath = old.Key;
        });
        try
        {
            await registry.GetServicesAsync(Cancelled);
            return false;
        }
        catch (RegistryException e) when (e.Kind == RegistryErrorKind.Denied)
        {
            return true;
        }
    }

    private sealed record TestCertificatePaths(string Ca, string Certificate, string Key);
}
