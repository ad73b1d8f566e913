using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Discovery.Security;
using Discovery.Testing.Servers;

namespace Discovery.Testing;

/// <summary>A private authority, a server's certificate for localhost and 127.0.0.1, and a client's, as PEM files.</summary>
public sealed class TestCertificates
{
    private readonly X509Certificate2 _authority;

    private TestCertificates(TemporaryFolder folder, X509Certificate2 authority)
    {
        _authority = authority;
        CaCertificatePath = folder.Combine("ca.pem");
        ServerCertificatePath = folder.Combine("server.pem");
        ServerKeyPath = folder.Combine("server.key");
        ClientCertificatePath = folder.Combine("client.pem");
        ClientKeyPath = folder.Combine("client.key");
    }

    /// <summary>The authority that both sides trust.</summary>
    public string CaCertificatePath { get; }

    /// <summary>The server's certificate.</summary>
    public string ServerCertificatePath { get; }

    /// <summary>Its private key.</summary>
    public string ServerKeyPath { get; }

    /// <summary>The client's certificate.</summary>
    public string ClientCertificatePath { get; }

    /// <summary>Its private key.</summary>
    public string ClientKeyPath { get; }

    /// <summary>Creates them in the folder, valid from yesterday to tomorrow.</summary>
    public static TestCertificates Create(TemporaryFolder folder)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=Discovery test authority", authorityKey, isAuthority: true);
        var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        var certificates = new TestCertificates(folder, authority);
        File.WriteAllText(certificates.CaCertificatePath, authority.ExportCertificatePem());
        certificates.IssueServer(TimeSpan.FromDays(1));
        certificates.IssueClient(TimeSpan.FromDays(1));
        return certificates;
    }

    /// <summary>Replaces the client's certificate and its key, one after the other, as a tool that renews them does.</summary>
    /// <param name="lifetime">How long the new one is valid from now on; less than zero for one that has expired.</param>
    public void IssueClient(TimeSpan lifetime) => Issue("CN=client", ClientCertificatePath, ClientKeyPath, DateTimeOffset.UtcNow + lifetime);

    /// <inheritdoc cref="IssueClient"/>
    /// <summary>Replaces the server's certificate and its key.</summary>
    public void IssueServer(TimeSpan lifetime) => Issue("CN=localhost", ServerCertificatePath, ServerKeyPath, DateTimeOffset.UtcNow + lifetime);

    /// <summary>What a test server needs.</summary>
    public ServerTls Server(bool requireClientCertificate = false) =>
        new(CaCertificatePath, ServerCertificatePath, ServerKeyPath, requireClientCertificate);

    /// <summary>What a provider is configured with.</summary>
    public TlsOptions Client(bool withClientCertificate) => new()
    {
        CaCertificatePath = CaCertificatePath,
        ClientCertificatePath = withClientCertificate ? ClientCertificatePath : null,
        ClientKeyPath = withClientCertificate ? ClientKeyPath : null,
    };

    /// <summary>An HTTP client that trusts the authority.</summary>
    public HttpClient CreateClient(bool withClientCertificate) =>
        new(new SocketsHttpHandler { SslOptions = new ClientTls(Client(withClientCertificate), TimeProvider.System).CreateAuthenticationOptions() });

    private void Issue(string subject, string certificatePath, string keyPath, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(subject, key, isAuthority: false);
        using var certificate = request.Create(
            _authority, DateTimeOffset.UtcNow.AddDays(-1), until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
    }

    private static CertificateRequest Request(string subject, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
                [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false)); // server and client authentication
        }

        return request;
    }
}
