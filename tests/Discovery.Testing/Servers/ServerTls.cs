namespace Discovery.Testing.Servers;

/// <summary>TLS as a server offers it; all files are PEM.</summary>
/// <param name="CaCertificatePath">The authority that clients' certificates are checked against.</param>
/// <param name="CertificatePath">The server's certificate.</param>
/// <param name="KeyPath">Its private key.</param>
/// <param name="RequireClientCertificate">Whether clients without a certificate are turned away.</param>
public sealed record ServerTls(string CaCertificatePath, string CertificatePath, string KeyPath, bool RequireClientCertificate = false);
