using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Discovery.Security;
using Discovery.Testing;

namespace Discovery.Tests.Security;

/// <summary>Real handshakes with servers that are not who they should be.</summary>
public sealed class HandshakeTests : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority = Authority();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Handshake_WithTheServer_Succeeds()
    {
        using var certificate = Issue(_authority, "registry.test", ServerAuthentication, DateTimeOffset.UtcNow.AddDays(1));

        Assert.True(await ShakeAsync(certificate) is SslProtocols.Tls12 or SslProtocols.Tls13);
    }

    [Theory]
    [InlineData("expired", "has expired or is not valid yet")]
    [InlineData("of another authority", "is of an authority that is not in CaCertificatePath")]
    [InlineData("of another name", "is not for the host of its address: ServerName")]
    [InlineData("of a client", "NotValidForUsage")]
    [InlineData("its own authority", "is of an authority that is not in CaCertificatePath")]
    public async Task Handshake_WithAnybodyElse_FailsAndSaysWhatIsWrong(string kind, string reason)
    {
        using var another = Authority();
        var until = DateTimeOffset.UtcNow.AddDays(kind == "expired" ? -1 : 1);
        using var certificate = kind == "its own authority"
            ? Authority()
            : Issue(kind == "of another authority" ? another : _authority, kind == "of another name" ? "elsewhere.test" : "registry.test",
                kind == "of a client" ? ClientAuthentication : ServerAuthentication, until);

        var refused = await Assert.ThrowsAsync<AuthenticationException>(() => ShakeAsync(certificate));

        Assert.Contains(reason, ClientOfAuthority().Explain(refused), StringComparison.Ordinal);
    }

    [Fact]
    public void CreateAuthenticationOptions_WithAnySettings_LeavesVerificationToThePlatform()
    {
        var authentication = ClientOfAuthority().CreateAuthenticationOptions();

        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, authentication.EnabledSslProtocols);
        Assert.Null(authentication.RemoteCertificateValidationCallback);
        Assert.Equal(X509VerificationFlags.NoFlag, authentication.CertificateChainPolicy!.VerificationFlags);
    }

    private ClientTls ClientOfAuthority() => new(
        new TlsOptions { CaCertificatePath = _folder.Write("ca.pem", _authority.ExportCertificatePem()) }, TimeProvider.System);

    private async Task<SslProtocols> ShakeAsync(X509Certificate2 certificate)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancelled);
        using var server = await listener.AcceptTcpClientAsync(Cancelled);
        await using var answering = new SslStream(server.GetStream());
        await using var asking = new SslStream(client.GetStream());
        var authentication = ClientOfAuthority().CreateAuthenticationOptions();
        authentication.TargetHost = "registry.test";

        var answered = answering.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Cancelled);
        await asking.AuthenticateAsClientAsync(authentication, Cancelled);
        await answered;
        return asking.SslProtocol;
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(Names("registry.test"));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, string usage, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(name));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-5), until, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Extension Names(string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        return names.Build();
    }
}
