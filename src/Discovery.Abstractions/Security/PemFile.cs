using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Discovery.Security;

/// <summary>Reads PEM files, and says in words why one cannot be used.</summary>
internal static class PemFile
{
    public static X509Certificate2Collection ReadCertificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate");
    }

    public static string? Unreadable(string path) => Reason(() => ReadCertificates(path));

    public static string? UnusableKey(string certificatePath, string keyPath) =>
        Reason(() => X509Certificate2.CreateFromPemFile(certificatePath, keyPath).Dispose());

    // The platform's texts for a key that cannot be parsed never quote the file's content.
    private static string? Reason(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
