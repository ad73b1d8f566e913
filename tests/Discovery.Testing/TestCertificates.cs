using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Discovery.Security;
using Discovery.Testing.Servers;

namespace Discovery.Testing;

/// <summary>A private authority, a server's certificate for localhost and 127.0.0.1, and a client's, as PEM files.</summary>
public sealed class TestCertificates
{
    private TestCertificates(TemporaryFolder folder)
    {
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
        var certificates = new TestCertificates(folder);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=Discovery test authority", authorityKey, isAuthority: true);
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(certificates.CaCertificatePath, authority.ExportCertificatePem());
        Issue(authority, "CN=localhost", certificates.ServerCertificatePath, certificates.ServerKeyPath);
        Issue(authority, "CN=client", certificates.ClientCertificatePath, certificates.ClientKeyPath);
        return certificates;
    }

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

    private static void Issue(X509Certificate2 authority, string subject, string certificatePath, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(subject, key, isAuthority: false);
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
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
