using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Discovery.Security;

/// <summary>Says in an operator's words what is wrong with a server's certificate, and which setting is to be changed.</summary>
internal static class ServerCertificateFault
{
    /// <summary>What a failed handshake says of the certificate; null where it says nothing of it.</summary>
    /// <param name="handshake">The failure of the handshake.</param>
    /// <param name="options">What the certificate was to fit.</param>
    /// <param name="now">What this machine's clock says.</param>
    /// <remarks>.NET tells it in words only, which hold the names of its flags; tests of handshakes hold these to them.</remarks>
    public static string? Of(AuthenticationException handshake, TlsOptions options, DateTimeOffset now)
    {
        if (Says(nameof(X509ChainStatusFlags.UntrustedRoot)) || Says(nameof(X509ChainStatusFlags.PartialChain)))
        {
            return options.CaCertificatePath is null
                ? $"the server's certificate is of an authority that this machine does not trust: {nameof(TlsOptions.CaCertificatePath)} can name it"
                : $"the server's certificate is of an authority that is not in {nameof(TlsOptions.CaCertificatePath)}, or an intermediate is missing that the server should send";
        }

        if (Says(nameof(X509ChainStatusFlags.NotTimeValid)))
        {
            return $"the server's certificate, or one it was issued by, has expired or is not valid yet: it is {now.UtcDateTime:u} here";
        }

        return !Says("RemoteCertificateNameMismatch") ? null
            : options.ServerName is { } name ? $"the server's certificate is not for the {nameof(TlsOptions.ServerName)} '{name}'"
            : $"the server's certificate is not for the host of its address: {nameof(TlsOptions.ServerName)} can say which name it carries";

        bool Says(string flag) => handshake.Message.Contains(flag, StringComparison.Ordinal);
    }
}
