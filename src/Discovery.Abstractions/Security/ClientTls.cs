using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Discovery.Security;

/// <summary>The TLS handshakes with a registry, after <see cref="TlsOptions"/>; their files are read again when they change. Safe for concurrent use.</summary>
/// <param name="options">The settings.</param>
/// <param name="time">The clock that paces looking at the files.</param>
public sealed class ClientTls(TlsOptions options, TimeProvider time)
{
    private const string CertificateMissing =
        $"the server asks for a client certificate, and {nameof(TlsOptions.ClientCertificatePath)} and {nameof(TlsOptions.ClientKeyPath)} are not set";

    private const string CertificateRefused = "the server broke the connection right after the handshake, as one does that refuses the client certificate";

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private (FileVersion Ca, FileVersion Certificate, FileVersion Key) _read;
    private (FileVersion Ca, FileVersion Certificate, FileVersion Key) _refused;
    private long _lookedAt;
    private volatile string? _suspicion;
    private volatile ClientCertificate? _certificate;

    /// <summary>What an HTTP handler needs for its handshakes: TLS 1.2 or later, the chain and the name verified.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">A file holds no certificate, or a key that does not fit it.</exception>
    /// <exception cref="ArgumentException">A file holds no key of the certificate.</exception>
    public SslClientAuthenticationOptions CreateAuthenticationOptions()
    {
        lock (_gate)
        {
            _lookedAt = time.GetTimestamp();
            return Read(Versions()); // the versions first, so that what is written meanwhile is noticed later
        }
    }

    /// <summary>Looks at the files, each 5 s at most, and reads them where one has changed.</summary>
    /// <param name="unusable">
    /// Told, once for each state of the files, why they cannot be used: those read last stay in use. A new certificate whose key is still to
    /// be written is such a state, and a short one.
    /// </param>
    /// <returns>What handshakes need from now on; null where nothing has changed, or not to anything usable.</returns>
    public SslClientAuthenticationOptions? Reload(Action<Exception> unusable)
    {
        ArgumentNullException.ThrowIfNull(unusable);
        lock (_gate)
        {
            if (time.GetElapsedTime(_lookedAt) < LookInterval)
            {
                return null;
            }

            _lookedAt = time.GetTimestamp();
            var found = Versions();
            try
            {
                return found != _read && found != _refused ? Read(found) : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                _refused = found;
                unusable(e);
                return null;
            }
        }
    }

    /// <summary>
    /// When the client certificate in use expires, which is to be warned of. Told once for each certificate, and late enough that nobody need be warned whose
    /// tools renew: cert-manager does at two thirds of a certificate's time, Vault's agent at nine tenths, and this tells at nineteen twentieths.
    /// </summary>
    /// <returns>Null where there is nothing to tell.</returns>
    public DateTimeOffset? TakeExpiry() => _certificate?.TakeExpiry(time.GetUtcNow());

    /// <summary>A call was answered: whatever breaks later, the server takes our handshakes.</summary>
    public void Answered() => _suspicion = null;

    /// <summary>Says that, and why, a call failed for TLS; null where something else is the reason.</summary>
    /// <remarks>
    /// A server that refuses the client's certificate, or misses it, says so after the handshake, and most often the connection is gone before
    /// that was read. So a connection that breaks after its handshake counts as that refusal until the server has answered once, and at any
    /// time where the certificate is not valid now.
    /// </remarks>
    public string? Explain(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var outOfDate = _certificate?.FaultAt(time.GetUtcNow());
        var suspicion = outOfDate ?? _suspicion;
        var isBroken = false;
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException or CryptographicException)
            {
                return Explain(e, isBroken ? suspicion : outOfDate);
            }

            if (e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            {
                suspicion = null; // not after the handshake
            }

            // HTTP/2 tells of the same breaking in several ways, one of them without the exception that it came from.
            isBroken |= e is IOException or HttpRequestException
            {
                InnerException: null,
                HttpRequestError: HttpRequestError.Unknown or HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError,
            };
        }

        return isBroken ? suspicion : null;
    }

    private string Explain(Exception failure, string? suspicion)
    {
        if (failure is AuthenticationException handshake)
        {
            if (SchemeHint.OfHandshake(handshake) is { } hint)
            {
                return hint;
            }

            suspicion = ServerCertificateFault.Of(handshake, options, time.GetUtcNow()) ?? suspicion;
        }

        var reason = failure.InnerException is { } inner ? $"{failure.Message.TrimEnd('.')}. {inner.Message}" : failure.Message;
        return suspicion is not null ? $"{suspicion} ({reason.TrimEnd('.')})" : reason;
    }

    private (FileVersion Ca, FileVersion Certificate, FileVersion Key) Versions()
    {
        return (Of(options.CaCertificatePath), Of(options.ClientCertificatePath), Of(options.ClientKeyPath));

        static FileVersion Of(string? path) => path is null ? default : FileVersion.Of(path);
    }

    private SslClientAuthenticationOptions Read((FileVersion Ca, FileVersion Certificate, FileVersion Key) versions)
    {
        var authentication = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (options.CaCertificatePath is { } ca)
        {
            authentication.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // private authorities rarely publish revocation lists
            };
            authentication.CertificateChainPolicy.CustomTrustStore.AddRange(PemFile.ReadCertificates(ca));
        }

        if (options is { ClientCertificatePath: { } certificate, ClientKeyPath: { } key })
        {
            var own = X509Certificate2.CreateFromPemFile(certificate, key);
            authentication.ClientCertificateContext = SslStreamCertificateContext.Create(own, PemFile.ReadCertificates(certificate), offline: true);
            _certificate = new(own);
            _suspicion = CertificateRefused;
        }
        else
        {
            authentication.LocalCertificateSelectionCallback = NoteThatOneIsAskedFor;
            _suspicion = null;
        }

        _read = versions;
        return authentication;
    }

    // Called once before the handshake, without the server's certificate, and again where the server asks.
    private X509Certificate NoteThatOneIsAskedFor(
        object sender, string targetHost, X509CertificateCollection localCertificates, X509Certificate? remoteCertificate, string[] acceptableIssuers)
    {
        if (remoteCertificate is not null)
        {
            _suspicion = CertificateMissing;
        }

        return null!; // none is sent
    }
}
