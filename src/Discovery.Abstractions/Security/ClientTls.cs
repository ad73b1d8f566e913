using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Discovery.Security;

/// <summary>The TLS handshake with a registry, after <see cref="TlsOptions"/>.</summary>
public sealed class ClientTls
{
    private readonly TlsOptions _options;

    /// <summary>Creates it; the files are read when a connection is first made.</summary>
    public ClientTls(TlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>What an HTTP handler needs for its handshakes: TLS 1.2 or later, the chain and the name verified.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate, or a key that does not fit it.</exception>
    public SslClientAuthenticationOptions CreateAuthenticationOptions()
    {
        var authentication = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (_options.CaCertificatePath is { } ca)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // private authorities rarely publish revocation lists
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(PemFile.ReadCertificates(ca));
        }

        if (_options is { ClientCertificatePath: { } certificate, ClientKeyPath: { } key })
        {
            authentication.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(certificate, key), PemFile.ReadCertificates(certificate), offline: true);
        }

        return authentication;
    }
}
