namespace Discovery.Security;

/// <summary>TLS towards a registry, in its section's <c>Tls</c>. Full chain and name verification always; there is no switch that turns it off.</summary>
public sealed class TlsOptions
{
    /// <summary>A PEM file of the certificate authorities to trust instead of the system's, or null for the system's.</summary>
    public string? CaCertificatePath { get; set; }

    /// <summary>A PEM file of the client's certificate, followed by its intermediates, or null for none. Goes with <see cref="ClientKeyPath"/>.</summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>A PEM file of the client certificate's private key, not encrypted.</summary>
    public string? ClientKeyPath { get; set; }

    /// <summary>The name the server's certificate must carry, where it is not the host of the address.</summary>
    public string? ServerName { get; set; }

    /// <summary>Whether anything is set, which has no effect on a server that is asked in clear text.</summary>
    public bool IsSet() => this is not { CaCertificatePath: null, ClientCertificatePath: null, ServerName: null };

    /// <summary>Whether all of these servers are shown a client certificate. One that is asked in clear text is shown none.</summary>
    /// <param name="servers">Their addresses.</param>
    public bool AuthenticatesTo(IEnumerable<Uri> servers) =>
        ClientCertificatePath is not null && servers.All(static server => server.Scheme == Uri.UriSchemeHttps);

    /// <summary>What is wrong with the files, each as a message that names its configuration path.</summary>
    /// <param name="path">The configuration path of these options, such as <c>Discovery:Consul:Tls</c>.</param>
    public IEnumerable<string> Validate(string path)
    {
        if (CaCertificatePath is { } ca && PemFile.Unreadable(ca) is { } caReason)
        {
            yield return $"{path}:{nameof(CaCertificatePath)} is '{ca}', which cannot be used: {caReason}. Allowed is a readable PEM file with at least one certificate.";
        }

        if (ClientCertificatePath is null != ClientKeyPath is null)
        {
            var missing = ClientKeyPath is null ? nameof(ClientKeyPath) : nameof(ClientCertificatePath);
            yield return $"{path}:{missing} is not set; a client certificate needs both {nameof(ClientCertificatePath)} and {nameof(ClientKeyPath)}.";
        }
        else if (ClientCertificatePath is { } certificate && ClientKeyPath is { } key)
        {
            if (PemFile.Unreadable(certificate) is { } certificateReason)
            {
                yield return $"{path}:{nameof(ClientCertificatePath)} is '{certificate}', which cannot be used: {certificateReason}. Allowed is a readable PEM file with a certificate.";
            }
            else if (PemFile.UnusableKey(certificate, key) is { } keyReason)
            {
                yield return $"{path}:{nameof(ClientKeyPath)} is '{key}', which cannot be used: {keyReason}. Allowed is a readable PEM file with the certificate's private key, not encrypted.";
            }
        }

        if (ServerName is not null && Uri.CheckHostName(ServerName) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            yield return $"{path}:{nameof(ServerName)} is '{ServerName}'; allowed is a DNS name or an IP address.";
        }
    }
}
