using System.Security.Cryptography.X509Certificates;

namespace Discovery.Security;

/// <summary>How long the certificate is valid that a client shows. Safe for concurrent use.</summary>
internal sealed class ClientCertificate(X509Certificate2 certificate)
{
    private readonly DateTimeOffset _from = certificate.NotBefore;
    private readonly DateTimeOffset _to = certificate.NotAfter;
    private int _isTold;

    /// <summary>Why a server refuses it now; null where it is valid.</summary>
    /// <param name="now">What this machine's clock says.</param>
    public string? FaultAt(DateTimeOffset now)
    {
        return now > _to ? $"the client certificate in {nameof(TlsOptions.ClientCertificatePath)} has expired: it was valid until {_to.UtcDateTime:u}"
            : now < _from ? $"the client certificate in {nameof(TlsOptions.ClientCertificatePath)} is not valid yet: it is from {_from.UtcDateTime:u} on, and it is {now.UtcDateTime:u} here"
            : null;
    }

    /// <summary>When it ends, told once: when no more than a twentieth of its time is left.</summary>
    /// <param name="now">What this machine's clock says.</param>
    public DateTimeOffset? TakeExpiry(DateTimeOffset now) =>
        _to - now <= (_to - _from) / 20 && Interlocked.Exchange(ref _isTold, 1) == 0 ? _to : null;
}
